/** What giving up classes of a segment costs, as far as its counts tell. */
import type { GapRange } from "../../core/event.ts";
import { toSeq } from "../../core/ids.ts";
import { recordClasses } from "../format/frame.ts";
import { countRanges } from "../format/gap-ranges.ts";
import { keptRecordsOf, lastSeqOf, type Segment, spanOf } from "../segment.ts";

/** True when its counts per class are what is really there. */
export function isCounted(segment: Segment): boolean {
  if (segment.keptFrom > 0) return true;
  const expected = countRanges([spanOf(segment)]);
  return segment.tally.recordCount === expected - countRanges(segment.damaged);
}

/** True when it is known class by class what is left of it, and there is something. */
export function isWorthCounting(segment: Segment): boolean {
  return isCounted(segment) && keptRecordsOf(segment) > 0;
}

/** What is lost when the segment keeps only classes from `keptFrom` on; damage was declared before. */
export function lossOf(segment: Segment, keptFrom: number): GapRange[] {
  const { firstSeq, run, tally } = segment;
  const range = { run, from: toSeq(firstSeq), to: toSeq(lastSeqOf(segment)) };
  if (!isCounted(segment)) {
    const count = range.to - range.from + 1 - countRanges(segment.damaged);
    return [{ ...range, count, class: "mixed", reason: "dropped-full" }];
  }
  return recordClasses.flatMap((name, code): GapRange[] => {
    const count = tally.records[code] ?? 0;
    if (code < segment.keptFrom || code >= keptFrom || count === 0) return [];
    return [{ ...range, count, class: name, reason: "dropped-full" }];
  });
}
