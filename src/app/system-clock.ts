import type { Clock, Timer } from "../core/clock.ts";

/** The longest that the system waits; it takes more for nothing and runs at once. */
const longestMs = 2 ** 31 - 1;

/** The one real clock. Timers keep the process alive until they ran or are cancelled. */
export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimer,
};

function setTimer(delayMs: number, run: () => void): Timer {
  let handle: NodeJS.Timeout;
  const wait = (restMs: number): void => {
    handle =
      restMs > longestMs
        ? setTimeout(() => wait(restMs - longestMs), longestMs)
        : setTimeout(run, restMs);
  };
  wait(delayMs);
  return { cancel: () => clearTimeout(handle) };
}
