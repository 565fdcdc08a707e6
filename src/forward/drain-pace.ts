/**
 * Holds a backlog back to so many bytes a second, for links that cost by the byte or are narrow.
 *
 * One stream has one order, so what devices send now waits behind what waited before. It must not
 * wait for ever: each record that becomes durable meanwhile earns the right to send about as much,
 * so the backlog shrinks by the full rate however busy the devices are. Once it is gone nothing is
 * held back.
 */
import type { Clock } from "../core/clock.ts";

/** How much may go at once after a pause, in seconds of the rate. */
const burstSeconds = 1;

export class DrainPace {
  readonly #bytesPerSecond: number;
  readonly #clock: Clock;
  #creditBytes: number;
  #lookedMs: number;
  #lookedSeq: number;
  #sentBytes = 0;
  #sentRecords = 0;

  /** What is durable at `durableSeq` counts as backlog. */
  constructor(bytesPerSecond: number, durableSeq: number, clock: Clock) {
    this.#bytesPerSecond = bytesPerSecond;
    this.#clock = clock;
    this.#creditBytes = bytesPerSecond * burstSeconds;
    this.#lookedMs = clock.monotonicMs();
    this.#lookedSeq = durableSeq;
  }

  /** How long the next record must wait, in milliseconds; 0 when it may go. */
  waitMs(durableSeq: number): number {
    const nowMs = this.#clock.monotonicMs();
    const burst = this.#bytesPerSecond * burstSeconds;
    const earned = ((nowMs - this.#lookedMs) * this.#bytesPerSecond) / 1_000;
    this.#creditBytes = Math.max(this.#creditBytes, Math.min(burst, this.#creditBytes + earned));
    if (this.#sentRecords > 0) {
      const meanBytes = this.#sentBytes / this.#sentRecords;
      this.#creditBytes += (durableSeq - this.#lookedSeq) * meanBytes;
    }
    this.#lookedMs = nowMs;
    this.#lookedSeq = durableSeq;
    if (this.#creditBytes > 0) return 0;
    return Math.ceil((-this.#creditBytes * 1_000) / this.#bytesPerSecond) + 1;
  }

  sent(bytes: number): void {
    this.#creditBytes -= bytes;
    this.#sentBytes += bytes;
    this.#sentRecords += 1;
  }

  /** Nothing waits: debts and savings are forgotten. */
  caughtUp(): void {
    this.#creditBytes = this.#bytesPerSecond * burstSeconds;
  }
}
