/** Durations as people write them: `250ms`, `90s`, `15m`, `2h`, `3d`. */

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Says how a duration is written; for messages to people. */
export const durationHint = "write a number and ms, s, m, h or d, such as 90s or 15m";

/** The milliseconds of `90s`; undefined when the text is not a duration. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text.trim());
  if (!match) return undefined;
  const ms = Number(match[1]) * (unitMs[match[2] ?? ""] ?? Number.NaN);
  return Number.isSafeInteger(Math.round(ms)) ? Math.round(ms) : undefined;
}

/** `90000` as `1m30s`: at most two units, rounded down to whole ones; `0s` for nothing. */
export function formatDuration(ms: number): string {
  if (ms > 0 && ms < 1_000) return `${Math.round(ms)}ms`;
  const parts: string[] = [];
  let rest = Math.max(0, Math.floor(ms / 1_000) * 1_000);
  for (const unit of ["d", "h", "m", "s"]) {
    const size = unitMs[unit] ?? 1;
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count}${unit}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.length > 0 ? parts.join("") : "0s";
}
