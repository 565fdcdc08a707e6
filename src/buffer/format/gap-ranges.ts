/**
 * Declared losses, put together: a loss that was declared once stays declared, in as few ranges as
 * say the same.
 */

import type { GapRange } from "../../core/event.ts";
import { isWhole } from "../../core/gap-range.ts";
import { toSeq } from "../../core/ids.ts";

/** More ranges than this in one list are made coarser, where that stays true. */
const mostRanges = 256;

/** From `from` to `to`, both included. */
export interface SeqRange {
  readonly from: number;
  readonly to: number;
}

/**
 * The same losses with adjacent ranges joined, where that tells no less: what is missing as a whole
 * is joined with its neighbor, a part of the records in a range is not, since the range is what says
 * in which segment they are. `isGone` is true for ranges none of whose segments is held any more;
 * nobody will ask for a part of those.
 *
 * A list that stays long gets its records that were set aside one by one counted together: `count`
 * missing between `from` and `to` is still exact. Other ranges are never widened.
 */
export function joinRanges(
  ranges: readonly GapRange[],
  isGone: (range: GapRange) => boolean = () => false,
): GapRange[] {
  const sorted = [...ranges].sort(
    (a, b) =>
      compare(a.reason, b.reason) ||
      compare(a.run, b.run) ||
      compare(a.class, b.class) ||
      a.from - b.from ||
      a.to - b.to,
  );
  const isClosed = (range: GapRange): boolean => isWhole(range) || isGone(range);
  const joined = foldRanges(sorted, (last, next) => {
    const isSame = last.from === next.from && last.to === next.to;
    return isSame || (last.to + 1 >= next.from && isClosed(last) && isClosed(next));
  });
  if (joined.length <= mostRanges) return joined;
  return foldRanges(joined, (last) => last.reason === "set-aside");
}

function foldRanges(
  sorted: readonly GapRange[],
  belongs: (last: GapRange, next: GapRange) => boolean,
): GapRange[] {
  const folded: GapRange[] = [];
  for (const next of sorted) {
    const last = folded.at(-1);
    if (last && isAlike(last, next) && belongs(last, next)) {
      const to = Math.max(last.to, next.to);
      folded[folded.length - 1] = gapOf(last, last.from, to, last.count + next.count);
    } else {
      folded.push(next);
    }
  }
  return folded;
}

/** What of `ranges` is not among `said`, which names the same losses in the same words, or in part. */
export function unsaidOf(ranges: readonly GapRange[], said: readonly GapRange[]): GapRange[] {
  return ranges.flatMap((range) => {
    const alike = said.filter(
      (other) => isAlike(other, range) && other.from <= range.to && other.to >= range.from,
    );
    const pieces = subtractRanges(range, alike);
    const [first] = pieces;
    const last = pieces.at(-1);
    if (!first || !last) return [];
    if (isWhole(range)) return pieces.map(({ from, to }) => gapOf(range, from, to, to - from + 1));
    const count = alike.reduce((rest, other) => rest - other.count, range.count);
    return count > 0 ? [gapOf(range, first.from, last.to, count)] : [];
  });
}

function gapOf(range: GapRange, from: number, to: number, count: number): GapRange {
  return { ...range, from: toSeq(from), to: toSeq(to), count };
}

function isAlike(one: GapRange, other: GapRange): boolean {
  return one.reason === other.reason && one.run === other.run && one.class === other.class;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** What of `range` no range in `taken` covers, in order. */
export function subtractRanges(range: SeqRange, taken: readonly SeqRange[]): SeqRange[] {
  const left: SeqRange[] = [];
  let from = range.from;
  for (const { from: takenFrom, to: takenTo } of [...taken].sort((a, b) => a.from - b.from)) {
    if (takenTo < from || takenFrom > range.to) continue;
    if (takenFrom > from) left.push({ from, to: takenFrom - 1 });
    from = takenTo + 1;
  }
  if (from <= range.to) left.push({ from, to: range.to });
  return left;
}

/** What of `range` the ranges in `taken` cover, joined and in order. */
export function coveredRanges(range: SeqRange, taken: readonly SeqRange[]): SeqRange[] {
  return subtractRanges(range, subtractRanges(range, taken));
}

/** How many records are declared lost, all ranges together. */
export function countLost(ranges: readonly GapRange[]): number {
  return ranges.reduce((sum, { count }) => sum + count, 0);
}

/** How many numbers the ranges hold; they must not overlap. */
export function countRanges(ranges: readonly SeqRange[]): number {
  return ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);
}
