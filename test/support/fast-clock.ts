import { systemClock } from "../../src/app/system-clock.ts";
import type { Clock } from "../../src/core/clock.ts";

/** A clock that runs so many times as fast as the real one: long waits with real servers. */
export function fastClock(times: number): Clock {
  const beganWallMs = systemClock.wallMs();
  const beganMs = systemClock.monotonicMs();
  const passedMs = (): number => (systemClock.monotonicMs() - beganMs) * times;
  return {
    wallMs: () => beganWallMs + passedMs(),
    monotonicMs: passedMs,
    setTimer: (delayMs, run) => systemClock.setTimer(delayMs / times, run),
  };
}
