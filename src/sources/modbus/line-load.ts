/** How much of the time a line is in use: of the last whole minute, or of the one that began. */
import type { Clock } from "../../core/clock.ts";

const windowMs = 60_000;

export class LineLoad {
  readonly #clock: Clock;
  #sinceMs: number;
  #busyMs = 0;
  #last: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#sinceMs = clock.monotonicMs();
  }

  /** The line was in use for so long. */
  add(busyMs: number): void {
    this.#roll();
    this.#busyMs += busyMs;
  }

  /** From 0 to 1. */
  get share(): number {
    this.#roll();
    const passedMs = this.#clock.monotonicMs() - this.#sinceMs;
    return this.#last ?? (passedMs > 0 ? Math.min(1, this.#busyMs / passedMs) : 0);
  }

  #roll(): void {
    const nowMs = this.#clock.monotonicMs();
    const passedMs = nowMs - this.#sinceMs;
    if (passedMs < windowMs) return;
    this.#last = Math.min(1, this.#busyMs / passedMs);
    this.#sinceMs = nowMs;
    this.#busyMs = 0;
  }
}
