/** Which seqs are missing without anybody having said so. */
import type { Disk } from "../../core/disk.ts";
import type { GapRange } from "../../core/event.ts";
import { isWhole } from "../../core/gap-range.ts";
import { type RunId, toSeq } from "../../core/ids.ts";
import type { StreamPosition } from "../../core/log-accounts.ts";
import { scanSegment } from "../files/scan.ts";
import { withFile } from "../files/with-file.ts";
import { countRanges, coveredRanges, type SeqRange, subtractRanges } from "../format/gap-ranges.ts";
import { isDamaged, lastSeqOf, type Segment, spanOf } from "../segment.ts";
import type { SegmentTable } from "../segment-table.ts";
import { findUnexplained } from "./explain-missing.ts";

/** The part of `missing` that is neither confirmed nor declared, as losses to be declared. */
export function lossesIn(
  missing: SeqRange,
  run: RunId,
  confirmedSeq: number,
  declared: readonly SeqRange[],
): GapRange[] {
  const explained = [{ from: 0, to: confirmedSeq }, ...declared];
  return subtractRanges(missing, explained).map((range) => damageIn(run, range));
}

/** The same for a stretch of which no record is held. */
export function lossesOfGone(
  missing: SeqRange,
  run: RunId,
  confirmedSeq: number,
  declared: readonly GapRange[],
): GapRange[] {
  const from = Math.max(missing.from, confirmedSeq + 1);
  return findUnexplained({ from, to: missing.to }, declared).map((range) =>
    damageIn(run, range, range.count),
  );
}

/** So many records of a segment, of which none can be named, as a loss; none where all is confirmed. */
export function lossOfSome(segment: Segment, records: number, confirmedSeq: number): GapRange[] {
  const { firstSeq, run } = segment;
  const range = { from: Math.max(firstSeq, confirmedSeq + 1), to: lastSeqOf(segment) };
  const count = Math.min(records, range.to - range.from + 1);
  return count > 0 ? [damageIn(run, range, count)] : [];
}

function damageIn(run: RunId, { from, to }: SeqRange, count: number = to - from + 1): GapRange {
  return { run, from: toSeq(from), to: toSeq(to), count, class: "mixed", reason: "damaged" };
}

/** What lay between segments: each one says which seq came before it. */
export function findHolesBetween(
  segments: readonly Segment[],
  confirmedSeq: number,
  declared: readonly GapRange[],
): GapRange[] {
  return segments.flatMap((segment, index) => {
    const before = segments[index - 1];
    if (!before) return [];
    const missing = { from: lastSeqOf(before) + 1, to: segment.previousSeq };
    return lossesOfGone(missing, before.run, confirmedSeq, declared);
  });
}

/** What the gap events of a segment declare that can still be read there; nothing when none can. */
export async function readableGaps(disk: Disk, segment: Segment): Promise<GapRange[]> {
  const { framesEnd, firstSeq, path, seal, uuid } = segment;
  try {
    const { tally } = await withFile(disk, path, (file) =>
      scanSegment(file, {
        uuid,
        seal,
        firstSeq,
        isLost: (seq) => isDamaged(segment, seq),
        end: framesEnd,
      }),
    );
    return tally.gaps;
  } catch {
    return [];
  }
}

/**
 * How many records between `after` and what was confirmed are no longer held and are declared lost
 * by no gap event that is held: the backbone had them, forgot them, and they cannot be sent again.
 * A gap event that is gone counts with what it declared, since readers never see it either.
 *
 * A range that does not name each of its records may lie over records that are held or stand before
 * `after`. How many of its own are among the missing is then told by the stream's own numbers.
 */
export function countForgotten(
  table: SegmentTable,
  confirmed: StreamPosition,
  after: StreamPosition | undefined,
): number {
  const from = (after?.seq ?? 0) + 1;
  if (from > confirmed.seq) return 0;
  const declared = declaredIn(table);
  const kept = table.held.map(spanOf);
  const named = declared.filter(isWhole);
  const missing = subtractRanges({ from, to: confirmed.seq }, [...kept, ...named]);
  const count = countRanges(missing);
  let least = count;
  let most = count;
  for (const range of declared.filter((range) => !isWhole(range))) {
    const inside = countRanges(coveredRanges(range, missing));
    const outside = countRanges(subtractRanges(range, [...missing, ...named]));
    least -= Math.min(range.count, inside);
    most -= Math.min(inside, Math.max(0, range.count - outside));
  }
  const held = table.countBehind(from - 1) - table.countBehind(confirmed.seq);
  const forgotten = confirmed.streamSeq - (after?.streamSeq ?? 0) - held;
  return Math.max(0, least, Math.min(most, forgotten));
}

/** What gap events that are held declare; a loss that two of them declare alike comes once. */
function declaredIn(table: SegmentTable): readonly GapRange[] {
  const ranges = new Map<string, GapRange>();
  for (const { tally } of table.held) {
    for (const range of tally.gaps) {
      // A range without a count speaks of another gateway's records.
      if (range.count > 0) ranges.set(JSON.stringify(range), range);
    }
  }
  return [...ranges.values()];
}
