/**
 * What is to happen while the client of a session is away: its will after a delay, and the end of
 * the session, whichever comes first (MQTT 5 §3.1.2.11.2, §3.1.3.2.2).
 */
import type { Clock, Timer } from "../../core/clock.ts";

/** Longer ones are waited for in parts: a timer takes no more. */
const longestTimerMs = 2 ** 31 - 1;

export class Departure {
  readonly #clock: Clock;
  #expiry: Timer | undefined;
  #will: { readonly timer: Timer; readonly publish: () => void } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Infinite: never. */
  expireAfter(delayMs: number, run: () => void): void {
    this.#expiry?.cancel();
    this.#expiry = undefined;
    if (!Number.isFinite(delayMs)) return;
    const partMs = Math.min(delayMs, longestTimerMs);
    this.#expiry = this.#clock.setTimer(partMs, () =>
      partMs === delayMs ? run() : this.expireAfter(delayMs - partMs, run),
    );
  }

  publishAfter(delayMs: number, publish: () => void): void {
    this.#will?.timer.cancel();
    const partMs = Math.min(delayMs, longestTimerMs);
    const timer = this.#clock.setTimer(partMs, () => {
      if (partMs < delayMs) this.publishAfter(delayMs - partMs, publish);
      else this.#publish();
    });
    this.#will = { timer, publish };
  }

  /** The client is back, or the broker stops: nothing of it happens. */
  cancel(): void {
    this.#expiry?.cancel();
    this.#will?.timer.cancel();
    this.#expiry = undefined;
    this.#will = undefined;
  }

  /** The session has ended: what was to be published is. */
  end(): void {
    this.#expiry?.cancel();
    this.#expiry = undefined;
    this.#publish();
  }

  #publish(): void {
    const will = this.#will;
    this.#will = undefined;
    will?.timer.cancel();
    will?.publish();
  }
}
