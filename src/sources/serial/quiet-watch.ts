import type { Clock, Timer } from "../../core/clock.ts";

/** A timer that runs so late was held up, and so may the bytes be that came meanwhile. */
const lateMs = 2;
/** They are waited for so much longer then. */
const graceMs = 10;

/** Tells when nothing came for a while. One timer runs, however often something comes. */
export class QuietWatch {
  readonly #clock: Clock;
  readonly #quietMs: number;
  readonly #quiet: () => void;
  #timer: Timer | undefined;
  #lastMs = 0;

  constructor(clock: Clock, quietMs: number, quiet: () => void) {
    this.#clock = clock;
    this.#quietMs = quietMs;
    this.#quiet = quiet;
  }

  /** Something came. */
  heard(): void {
    this.#lastMs = this.#clock.monotonicMs();
    if (this.#timer === undefined) this.#wait(this.#quietMs, false);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #wait(delayMs: number, isGrace: boolean): void {
    const dueMs = this.#clock.monotonicMs() + delayMs;
    this.#timer = this.#clock.setTimer(delayMs, () => {
      const nowMs = this.#clock.monotonicMs();
      const restMs = this.#lastMs + this.#quietMs - nowMs;
      if (restMs > 0) return this.#wait(restMs, false);
      if (!isGrace && nowMs - dueMs > lateMs) return this.#wait(graceMs, true);
      this.#timer = undefined;
      this.#quiet();
    });
  }
}
