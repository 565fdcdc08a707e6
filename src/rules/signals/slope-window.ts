/**
 * The line of least squares through the samples of a window. Samples that lie close together share
 * one entry, which keeps what the line needs of them: a window takes at most 61 entries of six
 * numbers, 3 kB, whatever its length and however often samples come. The window never reaches
 * further back than its length, and at most a sixtieth less.
 */

/** So many panes share the length of the window. */
const paneCount = 60;

/** Samples of one pane: how many, where their middle is, and the sums around that. */
interface Entry {
  readonly firstMs: number;
  count: number;
  /** After the first. */
  meanMs: number;
  mean: number;
  /** Of the squares of times, and of the products of times and values. */
  squares: number;
  products: number;
}

/** One sample as time and value; several as their six numbers. */
export type SavedEntry =
  | readonly [number, number]
  | readonly [number, number, number, number, number, number];

export class SlopeWindow {
  readonly #overMs: number;
  readonly #paneMs: number;
  readonly #entries: Entry[];

  constructor(overMs: number, saved: readonly SavedEntry[] = []) {
    this.#overMs = overMs;
    this.#paneMs = overMs / paneCount;
    this.#entries = saved.map(entryOf);
  }

  /** How many samples are in it. */
  get count(): number {
    let count = 0;
    for (const entry of this.#entries) count += entry.count;
    return count;
  }

  /** A sample newer than all; those that are out of the window by that leave it. */
  add(atMs: number, value: number): void {
    const entries = this.#entries;
    let gone = 0;
    for (const { firstMs } of entries) {
      if (firstMs >= atMs - this.#overMs) break;
      gone += 1;
    }
    if (gone > 0) entries.splice(0, gone);
    const newest = entries.at(-1);
    if (newest && this.#paneOf(newest.firstMs) === this.#paneOf(atMs))
      join(newest, atMs - newest.firstMs, single(atMs, value));
    else entries.push(single(atMs, value));
  }

  /** The slope per millisecond; undefined for fewer than three samples. */
  get slope(): number | undefined {
    const [first] = this.#entries;
    if (!first || this.count < 3) return undefined;
    const sum = single(first.firstMs, 0);
    sum.count = 0;
    for (const entry of this.#entries) join(sum, entry.firstMs - first.firstMs, entry);
    return sum.squares > 0 ? sum.products / sum.squares : undefined;
  }

  leap(byMs: number): void {
    for (const [index, entry] of this.#entries.entries())
      this.#entries[index] = { ...entry, firstMs: entry.firstMs + byMs };
  }

  clear(): void {
    this.#entries.length = 0;
  }

  toState(): readonly SavedEntry[] {
    return this.#entries.map((entry) => {
      const { count, firstMs, mean, meanMs, products, squares } = entry;
      return count === 1 ? [firstMs, mean] : [firstMs, count, meanMs, mean, squares, products];
    });
  }

  #paneOf(atMs: number): number {
    return Math.floor(atMs / this.#paneMs);
  }
}

function single(firstMs: number, value: number): Entry {
  return { firstMs, count: 1, meanMs: 0, mean: value, squares: 0, products: 0 };
}

/** Adds the samples of `other`, whose first is `afterMs` after the first of `entry`. */
function join(entry: Entry, afterMs: number, other: Entry): void {
  const count = entry.count + other.count;
  const share = other.count / count;
  const weight = entry.count * share;
  const dt = other.meanMs + afterMs - entry.meanMs;
  const dv = other.mean - entry.mean;
  entry.count = count;
  entry.meanMs += dt * share;
  entry.mean += dv * share;
  entry.squares += other.squares + dt * dt * weight;
  entry.products += other.products + dt * dv * weight;
}

function entryOf(saved: SavedEntry): Entry {
  if (saved.length === 2) return single(saved[0], saved[1]);
  const [firstMs, count, meanMs, mean, squares, products] = saved;
  return { firstMs, count, meanMs, mean, squares, products };
}
