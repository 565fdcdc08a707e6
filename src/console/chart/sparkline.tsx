/** A small line without axes, for a row: how a value went of late. Words for it stand beside. */
import "./sparkline.css";

interface SparklineProps {
  readonly values: readonly (number | null)[];
  /** What it shows, for those who do not see it. */
  readonly label: string;
}

const width = 96;
const height = 24;

export function Sparkline({ values, label }: SparklineProps) {
  return (
    <svg
      class="sparkline"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
    >
      <path d={sparkPath(values)} />
    </svg>
  );
}

/** The line, broken at each gap. */
export function sparkPath(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null && Number.isFinite(value)) as number[];
  const low = Math.min(...known);
  const high = Math.max(...known);
  const stepX = width / Math.max(1, values.length - 1);
  let isOpen = false;
  return values
    .flatMap((value, at) => {
      if (value === null || !Number.isFinite(value)) {
        isOpen = false;
        return [];
      }
      const y =
        high === low ? height / 2 : height - 2 - ((value - low) / (high - low)) * (height - 4);
      const verb = isOpen ? "L" : "M";
      isOpen = true;
      const point = `${verb}${(at * stepX).toFixed(1)} ${y.toFixed(1)}`;
      const isLone = (values[at + 1] ?? null) === null && verb === "M";
      return isLone ? [`${point}h0.1`] : [point];
    })
    .join("");
}
