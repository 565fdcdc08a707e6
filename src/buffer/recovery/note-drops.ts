/** What was given up before a start stays given up: gap events say of which segments, and what. */
import type { Disk } from "../../core/disk.ts";
import type { GapRange } from "../../core/event.ts";
import type { Logger } from "../../core/logger.ts";
import { recordClasses } from "../format/frame.ts";
import { countUndeclared } from "../losses/explain-missing.ts";
import { lossOfSome } from "../losses/find-losses.ts";
import { keptRecordsOf, lastSeqOf, type Segment, spanOf } from "../segment.ts";
import type { LastWrite } from "./last-write.ts";

/**
 * The segments that keep something, each with what it keeps; the others are deleted. Those that are
 * still whole are rewritten while the log runs: nobody is given what they should not have. What gap
 * events in `lastWrite` say is not acted on yet.
 */
export async function noteDrops(
  { disk, logger }: { readonly disk: Disk; readonly logger: Logger },
  segments: readonly Segment[],
  lastWrite?: LastWrite,
): Promise<Segment[]> {
  const all = dropsIn(segments.flatMap(({ tally }) => tally.gaps));
  const firm = dropsIn(
    segments.flatMap((one) => (lastWrite?.isIn(one) ? lastWrite.firmGaps : one.tally.gaps)),
  );
  const held: Segment[] = [];
  for (const segment of segments) {
    noteIn(segment, firm);
    if (segment.keptFrom === 0 || keptRecordsOf(segment) > 0) held.push(segment);
    else
      await disk.unlink(segment.path).catch((failure: unknown) => {
        logger.warn("cannot delete a dropped segment", { failure: String(failure) });
      });
  }
  if (!lastWrite) return held;
  for (const segment of held) {
    const { declaredFrom } = segment;
    noteIn(segment, all);
    segment.declaredFrom = declaredFrom;
  }
  return held;
}

function dropsIn(ranges: readonly GapRange[]): readonly GapRange[] {
  return ranges.filter(({ reason }) => reason === "dropped-full");
}

/** What is missing in a segment without some classes and was not declared: a count is all there is. */
export function lossesInSparse(
  segment: Segment,
  confirmedSeq: number,
  declared: readonly GapRange[],
): GapRange[] {
  const count = countUndeclared(spanOf(segment), keptRecordsOf(segment), declared);
  return lossOfSome(segment, count, confirmedSeq);
}

function noteIn(segment: Segment, drops: readonly GapRange[]): void {
  const { firstSeq, run, tally } = segment;
  const lastSeq = lastSeqOf(segment);
  const own = drops.filter(
    (range) => range.run === run && range.from <= firstSeq && range.to >= lastSeq,
  );
  const keptFrom = recordClasses.findLastIndex((name) =>
    own.some((range) => range.class === name || range.class === "mixed"),
  );
  segment.keptFrom = keptFrom + 1;
  segment.declaredFrom = segment.keptFrom;
  // Without its footer, the last record that is kept seems to be the last there was.
  for (const { from, to } of own)
    if (from === firstSeq) tally.lastSeq = Math.max(tally.lastSeq, to);
}
