/**
 * A quantile out of counts: values fall into buckets, each 1 % wider than the one before, so that the
 * answer is off by 0.5 % of itself at most. The same for every order of samples and of joins.
 *
 * At most 512 buckets are kept, those of the highest values: what is below shares the lowest. They span
 * a factor of 160 between the highest value and the lowest that is told exactly.
 *
 * Kept: how many, lowest, highest, then bucket and count in turn, in rising order.
 */
const growth = 1.01;
const logGrowth = Math.log(growth);
const mostBuckets = 512;
/** Keeps the buckets of positive values above 0 and those of negative ones below. */
const offset = 100_000;
const front = 3;

export function emptySketch(): number[] {
  return [0, Number.MAX_VALUE, -Number.MAX_VALUE];
}

export function addToSketch(kept: number[], value: number): void {
  kept[1] = Math.min(kept[1] ?? value, value);
  kept[2] = Math.max(kept[2] ?? value, value);
  count(kept, bucketOf(value), 1);
}

export function joinSketch(kept: number[], later: readonly number[]): void {
  kept[1] = Math.min(kept[1] ?? 0, later[1] ?? 0);
  kept[2] = Math.max(kept[2] ?? 0, later[2] ?? 0);
  for (let at = front; at < later.length; at += 2) count(kept, later[at] ?? 0, later[at + 1] ?? 0);
}

/** The value that this share of all values does not exceed; nearest rank. */
export function quantileOf(kept: readonly number[], share: number): number {
  const [total = 0, lowest = 0, highest = 0] = kept;
  let left = Math.max(1, Math.ceil(total * share));
  for (let at = front; at < kept.length; at += 2) {
    left -= kept[at + 1] ?? 0;
    if (left <= 0) return Math.min(highest, Math.max(lowest, middleOf(kept[at] ?? 0)));
  }
  return highest;
}

function bucketOf(value: number): number {
  if (value === 0) return 0;
  const bucket = Math.ceil(Math.log(Math.abs(value)) / logGrowth) + offset;
  return value > 0 ? bucket : -bucket;
}

function middleOf(bucket: number): number {
  if (bucket === 0) return 0;
  const size = (2 * growth ** (Math.abs(bucket) - offset)) / (growth + 1);
  return bucket > 0 ? size : -size;
}

function count(kept: number[], bucket: number, by: number): void {
  let low = 0;
  let high = (kept.length - front) / 2;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((kept[front + 2 * middle] ?? 0) < bucket) low = middle + 1;
    else high = middle;
  }
  const at = front + 2 * low;
  if (kept[at] === bucket) kept[at + 1] = (kept[at + 1] ?? 0) + by;
  else kept.splice(at, 0, bucket, by);
  if (kept.length <= front + 2 * mostBuckets) return;
  kept[front + 3] = (kept[front + 1] ?? 0) + (kept[front + 3] ?? 0);
  kept.splice(front, 2);
}
