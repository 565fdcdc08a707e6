/**
 * Aggregates of the samples of a pane, and of several panes together.
 *
 * What is kept of a pane is a few numbers, plain JSON. Two panes are joined into one without their
 * samples, in order of time. Sums carry what rounding took from them (Neumaier), so many small values
 * behind a large one are not lost.
 */
import { addToSketch, emptySketch, joinSketch, quantileOf } from "./quantile-sketch.ts";

export const aggs = [
  "avg",
  "min",
  "max",
  "sum",
  "count",
  "stddev",
  "p95",
  "delta",
  "last",
  "increase",
] as const;
export type Agg = (typeof aggs)[number];

/** What is kept; the first number is always how many samples there were. */
export type Kept = number[];

interface Form {
  readonly empty: () => Kept;
  /** `timeMs` is that of the sample; the count is already raised. */
  readonly add: (kept: Kept, value: number, timeMs: number) => void;
  /** Joins what came later; counts are still their own. */
  readonly join: (kept: Kept, later: Kept) => void;
  readonly value: (kept: Kept) => number;
}

/** count, sum, what rounding took from it. */
const sum: Form = {
  empty: () => [0, 0, 0],
  add: (kept, value) => addCompensated(kept, value),
  join(kept, [, total = 0, rest = 0]) {
    addCompensated(kept, total);
    addCompensated(kept, rest);
  },
  value: ([, total = 0, rest = 0]) => total + rest,
};

/** count, first or last time, value; of equal times the one that came later. */
const forms: Readonly<Record<Agg, Form>> = {
  sum,
  increase: sum,
  avg: { ...sum, value: (kept) => sum.value(kept) / (kept[0] ?? 0) },
  count: {
    empty: () => [0],
    add: () => {},
    join: () => {},
    value: ([count = 0]) => count,
  },
  min: extreme(Math.min, Number.MAX_VALUE),
  max: extreme(Math.max, -Number.MAX_VALUE),
  /** count, mean, sum of squared distances from it (Welford, Chan). */
  stddev: {
    empty: () => [0, 0, 0],
    add(kept, value) {
      const [count = 1, mean = 0, squares = 0] = kept;
      const distance = value - mean;
      kept[1] = mean + distance / count;
      kept[2] = squares + distance * (value - kept[1]);
    },
    join(kept, [laterCount = 0, laterMean = 0, laterSquares = 0]) {
      const [count = 0, mean = 0, squares = 0] = kept;
      const share = laterCount / Math.max(1, count + laterCount);
      const distance = laterMean - mean;
      kept[1] = mean + distance * share;
      kept[2] = squares + laterSquares + distance * distance * count * share;
    },
    value: ([count = 0, , squares = 0]) => Math.sqrt(Math.max(0, squares / count)),
  },
  p95: {
    empty: emptySketch,
    add: (kept, value) => addToSketch(kept, value),
    join: joinSketch,
    value: (kept) => quantileOf(kept, 0.95),
  },
  /** count, time and value of the first, time and value of the last. */
  delta: {
    empty: () => [0, 0, 0, 0, 0],
    add(kept, value, timeMs) {
      if (kept[0] === 1 || timeMs < (kept[1] ?? 0)) [kept[1], kept[2]] = [timeMs, value];
      if (kept[0] === 1 || timeMs >= (kept[3] ?? 0)) [kept[3], kept[4]] = [timeMs, value];
    },
    join(kept, [, firstMs = 0, first = 0, lastMs = 0, last = 0]) {
      if (kept[0] === 0) [kept[1], kept[2]] = [firstMs, first];
      [kept[3], kept[4]] = [lastMs, last];
    },
    value: ([, , first = 0, , last = 0]) => last - first,
  },
  /** count, time, value. */
  last: {
    empty: () => [0, 0, 0],
    add(kept, value, timeMs) {
      if (kept[0] === 1 || timeMs >= (kept[1] ?? 0)) [kept[1], kept[2]] = [timeMs, value];
    },
    join(kept, [, lastMs = 0, last = 0]) {
      [kept[1], kept[2]] = [lastMs, last];
    },
    value: ([, , last = 0]) => last,
  },
};

/** Nothing yet. */
export function nothingKept(agg: Agg): Kept {
  return forms[agg].empty();
}

/** Takes a finite value into what is kept of a pane; samples may come in any order. */
export function addSample(agg: Agg, kept: Kept, value: number, timeMs: number): void {
  kept[0] = (kept[0] ?? 0) + 1;
  forms[agg].add(kept, value, timeMs);
}

/** Takes a pane that is not earlier into what is kept of others. */
export function joinKept(agg: Agg, kept: Kept, later: Kept): void {
  if (later[0] === 0) return;
  forms[agg].join(kept, later);
  kept[0] = (kept[0] ?? 0) + (later[0] ?? 0);
}

/** Undefined where there is no sample, except for `count`, or where no number can hold the value. */
export function valueOfKept(agg: Agg, kept: Kept): number | undefined {
  if (kept[0] === 0 && agg !== "count") return undefined;
  const value = forms[agg].value(kept);
  return Number.isFinite(value) ? value : undefined;
}

function extreme(choose: (one: number, other: number) => number, none: number): Form {
  return {
    empty: () => [0, none],
    add(kept, value) {
      kept[1] = choose(kept[1] ?? none, value);
    },
    join(kept, [, value = none]) {
      kept[1] = choose(kept[1] ?? none, value);
    },
    value: ([, value = none]) => value,
  };
}

function addCompensated(kept: Kept, value: number): void {
  const [, before = 0, rest = 0] = kept;
  const total = before + value;
  const lost =
    Math.abs(before) >= Math.abs(value) ? before - total + value : value - total + before;
  kept[1] = total;
  kept[2] = rest + lost;
}
