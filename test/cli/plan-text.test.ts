import { expect, it } from "vitest";
import { runLines } from "../../src/cli/plan-text.ts";
import type { PlanRun } from "../../src/plans/plan-run.ts";
import { givenRun } from "../plans/given-run.ts";

it("a wait is said to last until a moment only where the run goes on to it", () => {
  const run = givenRun({ name: "rest", steps: [{ wait: "5s" }] });
  const steps = run.steps.map((step) => ({ ...step, untilMs: 5_000 }));
  const told = (state: PlanRun["state"]) => runLines({ ...run, state, steps }).at(-1);
  expect(told("running")).toBe("  1 wait 5s  until 1970-01-01T00:00:05.000Z");
  expect(told("compensated")).toBe("  1 wait 5s  given up");
});
