/**
 * A map whose values together weigh at most so much: what strangers send cannot fill memory.
 *
 * What has to go is picked blindly. The oldest, or the one not asked for longest, would be exactly
 * the one that is needed next where more names than fit come round and round; picked blindly, one
 * name too many costs about two misses in a round.
 */
export class BoundedMap<K, V> {
  readonly #maxWeight: number;
  readonly #weigh: (key: K, value: V) => number;
  readonly #gone: (value: V) => void;
  readonly #slots = new Map<K, Slot<K, V>>();
  /** The same slots, in no order. */
  readonly #row: Slot<K, V>[] = [];
  #weight = 0;
  #draw = 1;

  /**
   * `weigh` gives what an entry takes, such as bytes; without it each weighs 1. `gone` is called with
   * each value that leaves.
   */
  constructor(
    maxWeight: number,
    weigh: (key: K, value: V) => number = () => 1,
    gone: (value: V) => void = () => {},
  ) {
    this.#maxWeight = maxWeight;
    this.#weigh = weigh;
    this.#gone = gone;
  }

  get size(): number {
    return this.#row.length;
  }

  /** In the order in which they were set. */
  *values(): Iterable<V> {
    for (const { value } of this.#slots.values()) yield value;
  }

  /** In the same order. */
  *entries(): Iterable<readonly [K, V]> {
    for (const { key, value } of this.#slots.values()) yield [key, value];
  }

  get(key: K): V | undefined {
    return this.#slots.get(key)?.value;
  }

  delete(key: K): void {
    const slot = this.#slots.get(key);
    if (slot) this.#remove(slot);
  }

  /** Keeps the value, and gives up others until it fits; not kept where it alone is too heavy. */
  set(key: K, value: V): void {
    this.delete(key);
    const weight = this.#weigh(key, value);
    if (weight > this.#maxWeight) return;
    while (this.#weight + weight > this.#maxWeight) {
      const unlucky = this.#row[this.#drawBelow(this.#row.length)];
      if (!unlucky) break;
      this.#remove(unlucky);
    }
    const slot = { key, value, weight, at: this.#row.length };
    this.#slots.set(key, slot);
    this.#row.push(slot);
    this.#weight += weight;
  }

  #remove(slot: Slot<K, V>): void {
    this.#slots.delete(slot.key);
    this.#weight -= slot.weight;
    this.#gone(slot.value);
    const last = this.#row.pop();
    if (last === undefined || last === slot) return;
    last.at = slot.at;
    this.#row[slot.at] = last;
  }

  /** From a fixed row of numbers that looks like chance (Numerical Recipes), the same in each process. */
  #drawBelow(bound: number): number {
    this.#draw = (Math.imul(this.#draw, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#draw / 2 ** 32) * bound);
  }
}

interface Slot<K, V> {
  readonly key: K;
  readonly value: V;
  readonly weight: number;
  at: number;
}
