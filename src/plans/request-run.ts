import type { BoundPlan } from "./bind-plan.ts";
import type { Plan } from "./plan.ts";
import type { PersonsWord, PlanRun } from "./plan-run.ts";

/** The first change of a run: what somebody wants. The plan is inside: its file may change. */
export function requestRun(
  plan: Plan,
  bound: BoundPlan,
  { run, site }: Pick<PlanRun, "run" | "site">,
  requested: PersonsWord,
): PlanRun {
  return {
    run,
    site,
    plan: plan.name,
    ...(plan.about !== undefined && { about: plan.about }),
    params: bound.params,
    requested,
    endsMs: requested.atMs + plan.withinMs,
    giveUpMs: plan.giveUpMs,
    change: 1,
    state: "requested",
    changedMs: requested.atMs,
    steps: bound.steps,
  };
}

/** A name for a run: one token, unique for ever, in the order of time. */
export function newRunName({ name }: Pick<Plan, "name">, atMs: number): string {
  return `${name}-${atMs.toString(36)}${crypto.randomUUID().slice(0, 4)}`;
}
