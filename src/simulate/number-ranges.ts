/** Both ends belong to it. */
export interface NumberRange {
  readonly from: number;
  readonly to: number;
}

/**
 * A set of whole numbers, kept as ranges: a million numbers in a row cost as much as one. Devices
 * number their events in a row, so this stays small however long they run.
 */
export class NumberRanges implements Iterable<number> {
  /** In order, never touching each other. */
  readonly #ranges: { from: number; to: number }[] = [];
  #size = 0;

  /** How many numbers are in the set. */
  get size(): number {
    return this.#size;
  }

  /** False when the number was there already. */
  add(n: number): boolean {
    const at = this.#firstEndingAtOrAfter(n - 1);
    const range = this.#ranges[at];
    if (range && range.to === n - 1) {
      range.to = n;
      this.#size += 1;
      this.#joinWithNext(at);
      return true;
    }
    if (range && range.from <= n) return false;
    if (range && range.from === n + 1) range.from = n;
    else this.#ranges.splice(at, 0, { from: n, to: n });
    this.#size += 1;
    return true;
  }

  has(n: number): boolean {
    const range = this.#ranges[this.#firstEndingAtOrAfter(n)];
    return range !== undefined && range.from <= n;
  }

  /** In rising order. */
  ranges(): readonly NumberRange[] {
    return this.#ranges.map(({ from, to }) => ({ from, to }));
  }

  *[Symbol.iterator](): Iterator<number> {
    for (const { from, to } of this.#ranges) for (let n = from; n <= to; n += 1) yield n;
  }

  #joinWithNext(at: number): void {
    const range = this.#ranges[at];
    const next = this.#ranges[at + 1];
    if (!range || !next || next.from !== range.to + 1) return;
    range.to = next.to;
    this.#ranges.splice(at + 1, 1);
  }

  #firstEndingAtOrAfter(n: number): number {
    let low = 0;
    let high = this.#ranges.length;
    // Numbers mostly come in rising order, at the end of the last range.
    const last = this.#ranges[high - 1];
    if (last && last.to < n) return high;
    if (last && last.from <= n) return high - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ranges[middle]?.to ?? 0) < n) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
