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

const unitWords: readonly (readonly [unit: string, word: RegExp])[] = [
  ["ms", /^(?:ms|msecs?|millis|milliseconds?)$/i],
  ["s", /^(?:s|secs?|seconds?)$/i],
  ["m", /^(?:m|mins?|minutes?)$/i],
  ["h", /^(?:h|hrs?|hours?)$/i],
  ["d", /^(?:d|days?)$/i],
];

/** What was meant by a text that is no duration: `write 10m` for `10 minutes`; else how one is written. */
export function durationHintFor(text: string): string {
  const number = text.trim();
  if (/^\d{1,9}$/.test(number)) return `write ${number}s or ${number}m`;
  const clock = /^(\d{1,3}):([0-5]\d):([0-5]\d)$/.exec(number);
  if (clock) {
    const [, hours, minutes, seconds] = clock.map(Number);
    const totalS = ((hours ?? 0) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0);
    return totalS % 60 === 0 ? `write ${totalS / 60}m` : `write ${totalS}s`;
  }
  const parts = [...text.slice(0, 100).matchAll(/(\d{1,9})\s{0,3}([a-z]{1,12})/gi)];
  const rest = text.replace(/(\d{1,9})\s{0,3}([a-z]{1,12})/gi, "");
  let totalMs = 0;
  let smallest = "d";
  for (const [, count, word = ""] of parts) {
    const unit = unitWords.find(([, known]) => known.test(word))?.[0];
    if (unit === undefined) return durationHint;
    if ((unitMs[unit] ?? 0) < (unitMs[smallest] ?? 0)) smallest = unit;
    totalMs += Number(count) * (unitMs[unit] ?? 0);
  }
  if (parts.length === 0 || rest.trim() !== "") return durationHint;
  return `write ${totalMs / (unitMs[smallest] ?? 1)}${smallest}`;
}

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
