/**
 * Time comes in through this seam, so that tests can hold and move it. The one real clock is
 * `app/system-clock.ts`.
 */

/** Milliseconds since 1970-01-01T00:00:00Z. Whole or fractional; never seconds. */
export type EpochMs = number;

/** A timer that has been set. */
export interface Timer {
  /** Takes the timer back; without effect once it ran. */
  cancel(): void;
}

/** The clocks of the machine. */
export interface Clock {
  /** The wall clock. It may jump in both directions. */
  wallMs(): EpochMs;
  /** Milliseconds since some moment in the past; never goes back and never jumps. */
  monotonicMs(): number;
  /** Calls `run` once, `delayMs` from now, unless cancelled. */
  setTimer(delayMs: number, run: () => void): Timer;
}

/**
 * Waits. Resolves early, without an error, when the signal is aborted: the caller's loop looks at
 * the signal anyway.
 */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const finish = (): void => {
      timer.cancel();
      signal?.removeEventListener("abort", finish);
      resolve();
    };
    const timer = clock.setTimer(delayMs, finish);
    signal?.addEventListener("abort", finish, { once: true });
  });
}
