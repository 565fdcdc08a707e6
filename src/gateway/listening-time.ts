/**
 * Counts how long this process has listened to its devices. Only that time may make a device silent:
 * what was said while clients were held back, or while the process itself stood still (stopped by a
 * signal, swapped out, in a machine that was suspended), nobody can have heard.
 */
import type { Clock, Timer } from "../core/clock.ts";

const lookEveryMs = 1_000;
/** The loop was held up, and not merely busy, when a look comes later than this. */
const lateMs = 1_000;

export class ListeningTime {
  readonly #clock: Clock;
  readonly #listens: () => boolean;
  #heardMs = 0;
  #lookedMs: number;
  #listened: boolean;
  #timer: Timer | undefined;

  /** `listens` tells whether a word of a device would be taken in now; asked every second. */
  constructor(clock: Clock, listens: () => boolean) {
    this.#clock = clock;
    this.#listens = listens;
    this.#lookedMs = clock.monotonicMs();
    this.#listened = listens();
  }

  start(): void {
    this.#timer = this.#clock.setTimer(lookEveryMs, () => {
      this.#look();
      this.start();
    });
  }

  stop(): void {
    this.#timer?.cancel();
  }

  /** The sum up to now, whole milliseconds; never falls. */
  totalMs(): number {
    this.#look();
    return Math.floor(this.#heardMs);
  }

  #look(): void {
    const nowMs = this.#clock.monotonicMs();
    const passedMs = nowMs - this.#lookedMs;
    const listens = this.#listens();
    if (listens && this.#listened && passedMs <= lookEveryMs + lateMs) this.#heardMs += passedMs;
    this.#lookedMs = nowMs;
    this.#listened = listens;
  }
}
