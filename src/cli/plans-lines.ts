/** Runs of plans in `sluicegate status`. */
import { hasEnded } from "../plans/plan-run.ts";
import type { PlanRunnerState } from "../plans/plan-runner.ts";
import { settleAdvice } from "./plan-text.ts";

const mostRuns = 5;

/** Nothing while no run is open. */
export function plansLines({ open, runs, stuck, waiting }: PlanRunnerState): readonly string[] {
  if (open + waiting === 0) return [];
  const calls = runs.filter(hasEnded).slice(0, mostRuns);
  return [
    `Plans     ${open - stuck} under way   ${stuck} stuck${waiting > 0 ? `   ${waiting} waiting` : ""}`,
    ...calls.flatMap((run) => [
      `          ${run.run}   ${run.why ?? ""}`,
      `          ${settleAdvice(run)}`,
    ]),
  ];
}
