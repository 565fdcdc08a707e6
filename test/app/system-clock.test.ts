import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";

const dayMs = 86_400_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("a timer of a month runs in a month, and not before", () => {
  const run = vi.fn();
  systemClock.setTimer(60 * dayMs, run);
  vi.advanceTimersByTime(60 * dayMs - 1);
  expect(run).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(run).toHaveBeenCalledTimes(1);
});

test("a timer of a month can be cancelled at any time", () => {
  const run = vi.fn();
  const timer = systemClock.setTimer(60 * dayMs, run);
  vi.advanceTimersByTime(50 * dayMs);
  timer.cancel();
  vi.advanceTimersByTime(50 * dayMs);
  expect(run).not.toHaveBeenCalled();
});
