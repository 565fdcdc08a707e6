/**
 * How much goes to a target at a time, and when nothing does.
 *
 * After trouble the target is left alone for a while that doubles, then one letter is tried; with each
 * one that is taken twice as many may be on their way.
 */
import type { Clock } from "../core/clock.ts";
import { Backoff, type Random } from "../core/retry.ts";
import type { Trouble } from "./link.ts";

const backoffLimits = { baseMs: 500, maxMs: 30_000 };
/** Where somebody has to change something, a flood of tries helps nobody. */
const patientLimits = { baseMs: 5_000, maxMs: 60_000 };
const longestRestMs = 15 * 60_000;

export class Pace {
  readonly #clock: Clock;
  readonly #usual: Backoff;
  readonly #patient: Backoff;
  #most: number;
  #restsUntilMs = 0;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#usual = new Backoff(backoffLimits, random);
    this.#patient = new Backoff(patientLimits, random);
    this.#most = Number.POSITIVE_INFINITY;
  }

  /** So many may be on their way, of `atOnce`. */
  most(atOnce: number): number {
    return Math.min(atOnce, this.#most);
  }

  /** For how long nothing is tried; 0 when something may be. */
  get restMs(): number {
    return Math.max(0, this.#restsUntilMs - this.#clock.monotonicMs());
  }

  noteTaken(): void {
    this.#most *= 2;
    this.#usual.reset();
    this.#patient.reset();
  }

  /** Of several that were on their way together the first counts. */
  noteTrouble({ needsPeople = false, restMs = 0 }: Trouble): void {
    this.#most = 1;
    if (this.restMs > 0) return;
    const waitMs = (needsPeople ? this.#patient : this.#usual).nextMs();
    const asked = Math.min(longestRestMs, restMs);
    this.#restsUntilMs = this.#clock.monotonicMs() + Math.max(asked, waitMs);
  }
}
