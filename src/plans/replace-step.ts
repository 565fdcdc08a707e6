import type { PlanRun, StepRun } from "./plan-run.ts";

/** What a change of a run changes. */
export type RunChange = Partial<
  Pick<PlanRun, "state" | "steps" | "why" | "failedStep" | "stuckMs" | "cancel" | "settled">
>;

export function replaceStep({ steps }: PlanRun, at: number, step: StepRun): RunChange {
  return { steps: steps.with(at, step) };
}
