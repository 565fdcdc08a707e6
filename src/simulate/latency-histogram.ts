/**
 * How long things took, in buckets that grow with the value: every quantile is right to three
 * percent, from a microsecond to hours, in 10 KiB.
 */

const perDoubling = 32;
const doublings = 40;

export class LatencyHistogram {
  readonly #buckets = new Uint32Array(perDoubling * doublings);
  #count = 0;
  #maxMs = 0;

  get count(): number {
    return this.#count;
  }

  get maxMs(): number {
    return this.#maxMs;
  }

  record(durationMs: number): void {
    const doubling = Math.log2(Math.max(1, durationMs * 1_000));
    const bucket = Math.min(this.#buckets.length - 1, Math.floor(doubling * perDoubling));
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1;
    this.#count += 1;
    if (durationMs > this.#maxMs) this.#maxMs = durationMs;
  }

  /** The duration that `share` (0 to 1) of all stayed within; 0 when nothing was recorded. */
  quantileMs(share: number): number {
    const rank = Math.ceil(share * this.#count);
    let seen = 0;
    for (const [bucket, count] of this.#buckets.entries()) {
      seen += count;
      if (seen >= rank && seen > 0) {
        return Math.min(this.#maxMs, 2 ** ((bucket + 1) / perDoubling) / 1_000);
      }
    }
    return 0;
  }
}
