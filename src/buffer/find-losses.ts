/** Which seqs are missing without anybody having said so. */
import type { GapRange } from "../core/event.ts";
import { type RunId, toSeq } from "../core/ids.ts";
import type { StreamPosition } from "../core/record.ts";
import { countRanges, type SeqRange, subtractRanges } from "./gap-ranges.ts";
import { lastSeqOf, type Segment } from "./segment.ts";
import type { SegmentTable } from "./segment-table.ts";

/** The part of `missing` that is neither confirmed nor declared, as losses to be declared. */
export function lossesIn(
  missing: SeqRange,
  run: RunId,
  confirmedSeq: number,
  declared: readonly SeqRange[],
): GapRange[] {
  const explained = [{ from: 0, to: confirmedSeq }, ...declared];
  return subtractRanges(missing, explained).map(({ from, to }) => ({
    run,
    from: toSeq(from),
    to: toSeq(to),
    count: to - from + 1,
    class: "mixed",
    reason: "damaged",
  }));
}

/** What lay between segments: each one says which seq came before it. */
export function findHolesBetween(
  segments: readonly Segment[],
  confirmedSeq: number,
  declared: readonly SeqRange[],
): GapRange[] {
  return segments.flatMap((segment, index) => {
    const before = segments[index - 1];
    if (!before) return [];
    const missing = { from: lastSeqOf(before) + 1, to: segment.previousSeq };
    return lossesIn(missing, before.run, confirmedSeq, declared);
  });
}

/**
 * How many records between `after` and what was confirmed are no longer held and were not declared
 * lost: the backbone had them, forgot them, and they cannot be sent again. Both what the seqs and
 * what the stream's own numbers say is an upper bound; the lower one holds.
 */
export function countForgotten(
  table: SegmentTable,
  confirmed: StreamPosition,
  after: StreamPosition | undefined,
): number {
  const from = (after?.seq ?? 0) + 1;
  if (from > confirmed.seq) return 0;
  const declared = table.all.flatMap(({ tally }) => tally.gaps);
  const kept = table.all.map((segment) => ({ from: segment.firstSeq, to: lastSeqOf(segment) }));
  const range = { from, to: confirmed.seq };
  const bySeq = countRanges(subtractRanges(range, [...kept, ...declared]));
  const held = table.countBehind(from - 1) - table.countBehind(confirmed.seq);
  const byStream = confirmed.streamSeq - (after?.streamSeq ?? 0) - held;
  return Math.max(0, Math.min(bySeq, byStream));
}
