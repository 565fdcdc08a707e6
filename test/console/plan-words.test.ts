import { expect, test } from "vitest";
import type { PlanRunRow } from "../../src/api/shapes/command.ts";
import {
  byNeed,
  placeText,
  runSaying,
  stepTone,
} from "../../src/console/screens/plans/plan-words.ts";

function run(facts: Partial<PlanRunRow> = {}): PlanRunRow {
  return {
    ...{ run: "r-1", plan: "shut_line", site: "plant", state: "running", isFinal: false },
    ...{ by: "ana", startedMs: 1, changedMs: 2, text: null, steps: [], ...facts },
  };
}

function step(state: string, isCompensation = false): PlanRunRow["steps"][number] {
  return { name: state, what: "stop on pump-1", state, text: null, command: null, isCompensation };
}

test("what is stuck comes first, then what runs, then what has ended, the newest first", () => {
  const rows = [
    run({ run: "ended", isFinal: true, state: "done", startedMs: 9 }),
    run({ run: "older", startedMs: 1 }),
    run({ run: "newer", startedMs: 3 }),
    run({ run: "stuck", state: "stuck" }),
    run({ run: "settled", state: "stuck", isFinal: true, startedMs: 5 }),
  ];
  expect(rows.sort(byNeed).map((row) => row.run)).toEqual([
    "stuck",
    "newer",
    "older",
    "ended",
    "settled",
  ]);
});

test("a run says at which of its steps it is, without those that take others back", () => {
  const steps = [step("done"), step("sent"), step("ahead"), step("ahead", true)];
  expect(placeText(run({ steps: [step("done"), step("ahead"), step("ahead", true)] }))).toBe(
    "step 2 of 2",
  );
  expect(placeText(run({ steps, state: "stuck" }))).toBeUndefined();
});

test("a state that is not known here is told as it is, and a step that failed is not calm", () => {
  expect(runSaying(run({ state: "of-tomorrow" })).word).toBe("of-tomorrow");
  expect(runSaying(run({ state: "stuck" })).tone).toBe("critical");
  expect(runSaying(run({ state: "stuck", isFinal: true })).word).toBe("stuck, settled");
  expect([stepTone("failed"), stepTone("timed-out"), stepTone("done")]).toEqual([
    "warning",
    "warning",
    "normal",
  ]);
});
