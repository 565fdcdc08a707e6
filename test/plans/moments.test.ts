/** Waits and tries while somebody, or a time server, sets the clock. */
import { expect, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { advance, giveUpOn, hear, nextLookMs } from "../../src/plans/advance.ts";
import { moveMoments, setBackMs } from "../../src/plans/move-moments.ts";
import type { PlanRun } from "../../src/plans/plan-run.ts";
import { waitUntil } from "../support/wait-until.ts";
import { givenRun, shutLine } from "./given-run.ts";
import { openPlanSite, readRun, requestOf, startPlanRunner } from "./plan-site.ts";

const hourMs = 3_600_000;
const done = { state: "acknowledged", step: 2, final: true } as const;

/** The valve is closed, and five seconds are waited since `nowMs`. */
function waiting(nowMs: number): PlanRun {
  const run = advance(givenRun(shutLine, nowMs), nowMs);
  return advance(hear(run, { command: "shut-1.1.1", name: "close", ...done }, nowMs), nowMs);
}

test("a wait lasts as long as it should when the clock is set ahead, and when it is set back", () => {
  const run = waiting(hourMs);
  expect(nextLookMs(moveMoments(run, 60_000, hourMs + 60_000))).toBe(hourMs + 65_000);
  expect(nextLookMs(moveMoments(run, -60_000, hourMs - 60_000))).toBe(hourMs - 55_000);
});

test("the end of a run moves back with the clock, and never ahead: a box may only have slept", () => {
  const run = waiting(hourMs);
  expect(moveMoments(run, 8 * hourMs, 9 * hourMs).endsMs).toBe(run.endsMs);
  expect(moveMoments(run, -hourMs, 0).endsMs).toBe(run.endsMs - hourMs);
});

test("taking back is tried as often when the clock is set back in the middle", () => {
  const unknown = giveUpOn(advance(givenRun(shutLine, hourMs), hourMs), "shut-1.1.1", hourMs, "");
  const failed = { command: "shut-1.1-undo.1", name: "open", ...done, state: "failed" } as const;
  const run = hear(advance(unknown, hourMs), failed, hourMs);
  const moved = moveMoments(run, -hourMs, 0);
  expect(nextLookMs(moved)).toBe(5_000);
  expect(nextLookMs(advance(moved, 5_000))).toBeUndefined();
});

test("a run that was stored in the future tells that the clock went back; one of the past tells nothing", () => {
  expect(setBackMs({ changedMs: hourMs }, 0)).toBe(-hourMs);
  expect(setBackMs({ changedMs: 0 }, hourMs)).toBe(0);
  expect(setBackMs({ changedMs: 1_500 }, 0)).toBe(0);
});

test("a run that has ended, and one that waits for no moment, stay as they are", () => {
  const run = waiting(0);
  expect(moveMoments({ ...run, state: "stuck", stuckMs: 0 }, hourMs, hourMs).change).toBe(
    run.change,
  );
  const open = advance(givenRun(shutLine, 0), 0);
  expect(moveMoments(open, hourMs, hourMs)).toBe(open);
});

test("a clock that is set while a plan waits moves what is stored of it", async () => {
  const site = await openPlanSite(() => "acknowledged");
  let setMs = 0;
  const clock = {
    wallMs: () => systemClock.wallMs() + setMs,
    monotonicMs: () => systemClock.monotonicMs(),
    // Whoever sleeps looks twenty times as often.
    setTimer: (delayMs: number, run: () => void) => systemClock.setTimer(delayMs / 20, run),
  };
  const steps = [shutLine.steps[0], { wait: "1d" }];
  const run = givenRun({ ...shutLine, within: "3d", steps }, Date.now());
  await requestOf(site, run);
  startPlanRunner(site, 200, clock);
  const untilMs = async (): Promise<number> => {
    const [, wait] = (await readRun(site, run)).steps;
    return wait?.kind === "wait" ? (wait.untilMs ?? 0) : 0;
  };
  await waitUntil(async () => (await untilMs()) > 0, "it waits");
  const before = await untilMs();
  setMs = 5 * hourMs;
  await waitUntil(async () => (await untilMs()) !== before, "the clock is seen to be set");
  expect(Math.abs((await untilMs()) - before - 5 * hourMs)).toBeLessThan(2_000);
});
