/** What trying, or processing again, came to, in words. */
import type { AgainOutcome } from "../../../api/shapes/dead-letter.ts";

/** `12 of 14 would pass now`, and a line for each other kind. */
export interface AgainWords {
  readonly head: string;
  readonly rest: readonly string[];
}

type Counts = Pick<
  AgainOutcome,
  "complete" | "made" | "more" | "passedOver" | "read" | "rejected" | "unusable"
>;

export function againWords(outcome: Counts): AgainWords {
  const { complete, made, more, passedOver, read, rejected, unusable } = outcome;
  const all = read + rejected + passedOver + unusable;
  if (all === 0) return { head: "None of them waits any more.", rest: [] };
  return {
    head: `${read} of ${all} ${made ? "stored" : "would pass now"}`,
    rest: [
      ...(rejected > 0 ? [`${rejected} still ${rejected === 1 ? "fails" : "fail"}`] : []),
      ...(passedOver > 0
        ? [`${passedOver} ${made ? "passed over" : "would be passed over"}, as the profile says`]
        : []),
      ...(unusable > 0 ? [`${unusable} not kept whole, so they cannot be read again`] : []),
      ...(more ? ["There are more than these: do it again for the next ones."] : []),
      ...(complete ? [] : ["Older ones are out of reach now, and were not looked at."]),
    ],
  };
}
