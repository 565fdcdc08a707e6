/** What gap events explain of a stretch that is not there, where they count a part of its records. */

import type { GapRange } from "../../core/event.ts";
import { isWhole } from "../../core/gap-range.ts";
import { countRanges, coveredRanges, type SeqRange, subtractRanges } from "../format/gap-ranges.ts";

/** So many are missing from `from` to `to`. */
export interface CountedRange extends SeqRange {
  readonly count: number;
}

/** The reasons that count records which this log had, or was given, and has no more. */
function isLoss({ reason }: GapRange): boolean {
  return reason === "dropped-full" || reason === "damaged" || reason === "too-large";
}

/**
 * What of `missing`, of which no record is held, nobody has declared. Ranges that lie over each other
 * say together how many are missing where they lie; those that reach beyond it explain what they
 * cover.
 */
export function findUnexplained(
  missing: SeqRange,
  declared: readonly GapRange[],
): readonly CountedRange[] {
  const others = declared.filter((range) => !isLoss(range));
  return subtractRanges(missing, others).flatMap((piece) => {
    const losses = declared.filter(
      (range) => isLoss(range) && range.from <= piece.to && range.to >= piece.from,
    );
    const uncovered = subtractRanges(piece, losses).map(({ from, to }) => {
      return { from, to, count: to - from + 1 };
    });
    const tooLow = joinOverlapping(losses)
      .filter(({ from, to }) => from >= piece.from && to <= piece.to)
      .map(({ count, from, to }) => ({ from, to, count: to - from + 1 - count }))
      .filter(({ count }) => count > 0);
    return [...uncovered, ...tooLow];
  });
}

/** How many seqs of a segment are neither records of it nor declared lost. */
export function countUndeclared(
  segment: SeqRange,
  records: number,
  declared: readonly GapRange[],
): number {
  const missing = countRanges([segment]) - records;
  return Math.max(0, missing - countDeclared(segment, declared));
}

/** How many records of a segment are declared lost. */
function countDeclared(segment: SeqRange, declared: readonly GapRange[]): number {
  return declared.filter(isLoss).reduce((sum, range) => {
    if (isWhole(range)) return sum + countRanges(coveredRanges(segment, [range]));
    return range.from >= segment.from && range.to <= segment.to ? sum + range.count : sum;
  }, 0);
}

function joinOverlapping(ranges: readonly GapRange[]): readonly CountedRange[] {
  const joined: CountedRange[] = [];
  for (const { count, from, to } of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last && from <= last.to)
      joined[joined.length - 1] = {
        from: last.from,
        to: Math.max(last.to, to),
        count: last.count + count,
      };
    else joined.push({ from, to, count });
  }
  return joined;
}
