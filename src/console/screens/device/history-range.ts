/** The span of time that a history shows, as its URL says. Pure. */

export const lastWords = ["15m", "1h", "6h", "24h", "7d"] as const;
export type LastWord = (typeof lastWords)[number];

/** What each is called, and how long it is. */
export const lasts: Readonly<Record<LastWord, { readonly label: string; readonly ms: number }>> = {
  "15m": { label: "15 min", ms: 15 * 60_000 },
  "1h": { label: "1 h", ms: 3_600_000 },
  "6h": { label: "6 h", ms: 6 * 3_600_000 },
  "24h": { label: "24 h", ms: 24 * 3_600_000 },
  "7d": { label: "7 d", ms: 7 * 24 * 3_600_000 },
};

/** Up to now and moving with it, or between two moments. */
export type HistoryRange =
  | { readonly kind: "last"; readonly word: LastWord }
  | { readonly kind: "between"; readonly fromMs: number; readonly toMs: number };

/** The longest that can be asked for. */
const mostMs = 366 * 24 * 3_600_000;

/** Reads one; what cannot be one is the last hour, and `problem` says why. */
export function rangeOf(part: (name: string) => string | undefined): {
  readonly range: HistoryRange;
  readonly problem: string | undefined;
} {
  const [from, to, word] = [part("from"), part("to"), part("range")];
  const hour: HistoryRange = { kind: "last", word: "1h" };
  if (from !== undefined || to !== undefined) {
    const read = between(Date.parse(from ?? ""), Date.parse(to ?? ""));
    return "problem" in read
      ? { range: hour, problem: `${read.problem}; the last hour is shown` }
      : { range: read, problem: undefined };
  }
  const known = lastWords.find((one) => one === word);
  if (known) return { range: { kind: "last", word: known }, problem: undefined };
  const problem = word === undefined ? undefined : `"${word.slice(0, 20)}" is no range`;
  return { range: hour, problem };
}

/** A range between two moments, or why there is none. */
export function between(
  fromMs: number,
  toMs: number,
): (HistoryRange & { readonly kind: "between" }) | { readonly problem: string } {
  if (!Number.isFinite(fromMs) || !Number.isFinite(toMs))
    return { problem: "Both ends must be a date with a time" };
  if (fromMs >= toMs) return { problem: "The end must be later than the beginning" };
  if (toMs - fromMs > mostMs) return { problem: "At most 366 days can be shown at once" };
  return { kind: "between", fromMs, toMs };
}

/** How a URL says it. */
export function rangeParts(range: HistoryRange): Readonly<Record<string, string | undefined>> {
  return range.kind === "last"
    ? { range: range.word, from: undefined, to: undefined }
    : { range: undefined, from: isoOf(range.fromMs), to: isoOf(range.toMs) };
}

/** Its two ends. */
export function endsOf(range: HistoryRange, nowMs: number): { fromMs: number; toMs: number } {
  return range.kind === "last"
    ? { fromMs: nowMs - lasts[range.word].ms, toMs: nowMs }
    : { fromMs: range.fromMs, toMs: range.toMs };
}

/** A moment as a field for local date and time has it: `2026-11-29T14:02:03`. */
export function localText(ms: number): string {
  const at = new Date(ms);
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${String(at.getFullYear()).padStart(4, "0")}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/**
 * The moment that such a field means. Where the field was not touched it is the moment it was made
 * of, so that the hour that comes twice when clocks go back stays the one it was.
 */
export function momentOf(text: string, madeOfMs: number): number {
  if (text === localText(madeOfMs)) return madeOfMs;
  return new Date(text).getTime();
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
