import type { Clock, Timer } from "../core/clock.ts";

/** What was held up is heard by then. */
const hearingMs = 1_000;
/** A timer that runs so late was held up, and so were the bytes that came meanwhile. */
const lateMs = 50;

export interface Silence {
  /** True while something may have come that was not read, since the disk is behind. */
  readonly isDeaf: () => boolean;
  /** Called once, unless cancelled: nothing was heard. */
  readonly judge: () => void;
}

/** Judges `afterMs` from now, or a while later where what came until then could not be heard. */
export function judgeSilence(clock: Clock, afterMs: number, { isDeaf, judge }: Silence): Timer {
  let timer: Timer;
  const wait = (delayMs: number, isGrace: boolean): void => {
    const dueMs = clock.monotonicMs() + delayMs;
    timer = clock.setTimer(delayMs, () => {
      const isLate = !isGrace && clock.monotonicMs() - dueMs > lateMs;
      if (isDeaf() || isLate) wait(hearingMs, true);
      else judge();
    });
  };
  wait(afterMs, false);
  return { cancel: () => timer.cancel() };
}
