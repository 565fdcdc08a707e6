/** Ends at a start what was begun before it: drops whose gap events are durable. */
import type { Disk } from "../../core/disk.ts";
import type { GapRange } from "../../core/event.ts";
import type { Logger } from "../../core/logger.ts";
import { recordClasses } from "../format/frame.ts";
import { countUndeclared } from "../losses/explain-missing.ts";
import { lossOfSome } from "../losses/find-losses.ts";
import { countFrom, keptRecordsOf, lastSeqOf, type Segment, spanOf } from "../segment.ts";
import type { Reserve } from "../space/reserve.ts";
import { rewriteSegment } from "../space/rewrite-segment.ts";
import type { LastWrite } from "./last-write.ts";

export interface FinishContext {
  readonly disk: Disk;
  readonly folder: string;
  readonly logger: Logger;
  readonly reserve: Reserve;
}

/**
 * The segments that are left, without the classes that gap events declare as dropped in them. What
 * the disk refuses is done while the log runs; nobody reads it until then. What gap events in
 * `lastWrite` say is only noted.
 */
export async function finishDrops(
  context: FinishContext,
  segments: readonly Segment[],
  lastWrite?: LastWrite,
): Promise<Segment[]> {
  const all = dropsIn(segments.flatMap(({ tally }) => tally.gaps));
  const firm = dropsIn(
    segments.flatMap((one) => (lastWrite?.isIn(one) ? lastWrite.firmGaps : one.tally.gaps)),
  );
  const held: Segment[] = [];
  for (const segment of segments) {
    noteDrops(segment, firm);
    if (segment.keptFrom === 0) held.push(segment);
    else if (keptRecordsOf(segment) === 0) await deleteFile(context, segment);
    else held.push(await withoutDropped(context, segment));
  }
  if (!lastWrite) return held;
  for (const segment of held) {
    const { declaredFrom } = segment;
    noteDrops(segment, all);
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

function noteDrops(segment: Segment, drops: readonly GapRange[]): void {
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

async function withoutDropped(
  { disk, folder, logger, reserve }: FinishContext,
  segment: Segment,
): Promise<Segment> {
  if (countFrom(segment, 0) === keptRecordsOf(segment)) return segment;
  try {
    return await reserve.attempt((create) => rewriteSegment(disk, folder, segment, { create }));
  } catch (failure) {
    logger.warn("cannot take what was given up out of a segment; will be tried again", {
      segment: segment.path,
      failure: String(failure),
    });
    return segment;
  }
}

async function deleteFile({ disk, logger }: FinishContext, segment: Segment): Promise<void> {
  await disk.unlink(segment.path).catch((failure: unknown) => {
    logger.warn("cannot delete a dropped segment", { failure: String(failure) });
  });
}
