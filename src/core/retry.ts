/**
 * Back-off with full jitter: a random wait between nothing and a bound that doubles with each
 * failure, so that two hundred gateways do not come back in the same second.
 */

/** Gives a number in [0, 1); the seam through which chance comes in. */
export type Random = () => number;

export interface BackoffLimits {
  /** Bound of the first wait. */
  readonly baseMs: number;
  /** Bound of all later waits. */
  readonly maxMs: number;
}

/** The wait after so many failures in a row, at least one; in milliseconds. */
export function backoffMs(
  { baseMs, maxMs }: BackoffLimits,
  failures: number,
  random: Random,
): number {
  return Math.round(Math.min(maxMs, baseMs * 2 ** (failures - 1)) * random());
}

/** Counts failures in a row and gives the next wait. */
export class Backoff {
  readonly #limits: BackoffLimits;
  readonly #random: Random;
  #failures = 0;

  constructor(limits: BackoffLimits, random: Random) {
    this.#limits = limits;
    this.#random = random;
  }

  /** The wait after one more failure, in milliseconds. */
  nextMs(): number {
    this.#failures += 1;
    return backoffMs(this.#limits, this.#failures, this.#random);
  }

  /** Forgets the failures; call after a success. */
  reset(): void {
    this.#failures = 0;
  }
}
