import { toSiteId } from "../../src/core/ids.ts";
import { bindPlan } from "../../src/plans/bind-plan.ts";
import type { Plan } from "../../src/plans/plan.ts";
import type { PlanRun } from "../../src/plans/plan-run.ts";
import { parsePlans } from "../../src/plans/plan-schema.ts";
import { requestRun } from "../../src/plans/request-run.ts";

/** The plan of a file with this one plan in it. */
export function givenPlan(plan: object): Plan {
  const checked = parsePlans({ version: 1, plans: [plan] });
  const [first] = checked.ok ? checked.value : [];
  if (!first) throw new Error(JSON.stringify(checked));
  return first;
}

/** A run of it, requested at `atMs`. */
export function givenRun(plan: object, atMs = 0, given: Record<string, string> = {}): PlanRun {
  const whole = givenPlan(plan);
  const bound = bindPlan(whole, given, "gw1");
  if ("problems" in bound) throw new Error(bound.problems.join("; "));
  return requestRun(
    whole,
    bound,
    { run: "shut-1", site: toSiteId("plant-a") },
    { by: "ana", atMs },
  );
}

/** Closes a valve and stops a pump, each of which can be taken back. */
export const shutLine = {
  name: "shut_line",
  within: "10m",
  give_up: "10m",
  steps: [
    {
      command: "close",
      device: "valve-1",
      expires: "1m",
      compensate: { command: "open", expires: "1m" },
    },
    { wait: "5s" },
    { command: "stop", device: "pump-1", expires: "1m", compensate: { command: "start" } },
  ],
};
