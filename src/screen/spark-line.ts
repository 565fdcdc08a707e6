const steps = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/** The last values as small bars, as high as the largest of them; a blank for none. */
export function sparkLine(values: readonly number[], columns: number): string {
  const last = values.slice(-columns);
  const most = Math.max(0, ...last);
  return last
    .map((value) => {
      if (value <= 0 || most === 0) return " ";
      return steps[Math.min(steps.length - 1, Math.floor((value / most) * steps.length))] ?? " ";
    })
    .join("");
}
