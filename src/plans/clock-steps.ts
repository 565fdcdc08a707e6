/** Notices that somebody, or a time server, set the wall clock while this process runs. */
import type { Clock } from "../core/clock.ts";
import { clockStepMs } from "../core/gateway-time.ts";

export class ClockSteps {
  readonly #clock: Clock;
  #offsetMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#offsetMs = clock.wallMs() - clock.monotonicMs();
  }

  /** By how much it was set since this was asked last; 0 where it was not. */
  take(): number {
    const stepMs = this.#clock.wallMs() - this.#clock.monotonicMs() - this.#offsetMs;
    if (Math.abs(stepMs) <= clockStepMs) return 0;
    this.#offsetMs += stepMs;
    return stepMs;
  }
}
