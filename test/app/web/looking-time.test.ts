import { expect, test } from "vitest";
import { LookingTime } from "../../../src/app/web/live/looking-time.ts";
import { ManualClock } from "../../support/manual-clock.ts";

/** Looks at an event each millisecond for ten seconds; gives the time that this took. */
function lookOn(clock: ManualClock, looks: readonly (() => number)[]) {
  let tookMs = 0;
  for (let n = 0; n < 10_000; n += 1) {
    clock.stall(1);
    for (const look of looks) tookMs += look();
  }
  return tookMs;
}

function looker(time: LookingTime, clock: ManualClock, costMs: number) {
  const share = time.share();
  let looked = 0;
  const look = (): number => {
    const isRun = share.run(() => clock.stall(costMs));
    if (isRun) looked += 1;
    return isRun ? costMs : 0;
  };
  return { look, looked: () => looked };
}

test("who looks at everything of every event takes a small part of the time, however many they are", () => {
  const clock = new ManualClock();
  const time = new LookingTime(clock);
  const many = Array.from({ length: 64 }, () => looker(time, clock, 10).look);
  expect(lookOn(clock, many)).toBeLessThan(1_000);
});

test("who asks for little sees on beside one who asks for much", () => {
  const clock = new ManualClock();
  const time = new LookingTime(clock);
  const [greedy, modest] = [looker(time, clock, 10), looker(time, clock, 0)];
  lookOn(clock, [greedy.look, modest.look]);
  expect(greedy.looked()).toBeLessThan(100);
  expect(modest.looked()).toBeGreaterThan(8_000);
});
