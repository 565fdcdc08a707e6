/** How long the slowest commit of the last minute took: of this half minute, and of the one before. */
import type { Clock } from "../core/clock.ts";

const halfMs = 30_000;

export class SlowestCommit {
  readonly #clock: Clock;
  #halfBeganMs: number;
  #thisHalfMs = 0;
  #lastHalfMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#halfBeganMs = clock.monotonicMs();
  }

  /** Of a commit that began at this monotonic time and is over. */
  note(beganMs: number): void {
    const nowMs = this.#turn();
    this.#thisHalfMs = Math.max(this.#thisHalfMs, nowMs - beganMs);
  }

  /** 0 where nothing was committed. */
  get ms(): number {
    this.#turn();
    return Math.round(Math.max(this.#thisHalfMs, this.#lastHalfMs));
  }

  #turn(): number {
    const nowMs = this.#clock.monotonicMs();
    const halves = Math.floor((nowMs - this.#halfBeganMs) / halfMs);
    if (halves > 0) {
      this.#lastHalfMs = halves === 1 ? this.#thisHalfMs : 0;
      this.#thisHalfMs = 0;
      this.#halfBeganMs += halves * halfMs;
    }
    return nowMs;
  }
}
