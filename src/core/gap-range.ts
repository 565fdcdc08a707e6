import type { GapRange } from "./event.ts";
import { decodeEvent, isMalformed } from "./event-codec.ts";

/** What a gap event, as text, declares; empty for anything else. */
export function gapRangesOf(text: string): readonly GapRange[] {
  const event = decodeEvent(text);
  return isMalformed(event) || event.kind !== "gap" ? [] : event.data.ranges;
}

/** True when all that is between `from` and `to` is missing. */
export function isWhole({ count, from, to }: GapRange): boolean {
  return count === to - from + 1;
}
