import type { Clock } from "../../src/core/clock.ts";

/** A clock that stands still until a test moves it; timers run in order of their time. */
export class ManualClock implements Clock {
  #wallMs: number;
  #monotonicMs = 0;
  #timers: { dueMs: number; run: () => void }[] = [];

  constructor(wallMs = Date.UTC(2026, 10, 21, 14, 0, 0)) {
    this.#wallMs = wallMs;
  }

  wallMs(): number {
    return this.#wallMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  setTimer(delayMs: number, run: () => void): { cancel(): void } {
    const timer = { dueMs: this.#monotonicMs + delayMs, run };
    this.#timers.push(timer);
    return {
      cancel: () => {
        this.#timers = this.#timers.filter((other) => other !== timer);
      },
    };
  }

  /** Lets time pass and runs what falls due, each at its own moment. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#monotonicMs + ms;
    for (;;) {
      await settle();
      const next = this.#timers.sort((a, b) => a.dueMs - b.dueMs)[0];
      if (!next || next.dueMs > untilMs) break;
      this.#timers.shift();
      this.#pass(Math.max(0, next.dueMs - this.#monotonicMs));
      next.run();
    }
    this.#pass(untilMs - this.#monotonicMs);
    await settle();
  }

  /** Lets time pass in which this process stands still: what falls due runs late. */
  stall(ms: number): void {
    this.#pass(ms);
  }

  /** Sets the wall clock forward or back, as an operator or NTP would. */
  step(ms: number): void {
    this.#wallMs += ms;
  }

  #pass(ms: number): void {
    this.#monotonicMs += ms;
    this.#wallMs += ms;
  }
}

/** Lets everything run that waits for no timer and no disk. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
