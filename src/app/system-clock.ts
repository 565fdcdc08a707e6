import type { Clock } from "../core/clock.ts";

/** The one real clock. Timers keep the process alive until they ran or are cancelled. */
export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimer(delayMs, run) {
    const handle = setTimeout(run, delayMs);
    return { cancel: () => clearTimeout(handle) };
  },
};
