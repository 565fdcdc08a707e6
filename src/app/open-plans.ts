/** The part of the role `processor` that runs plans. */
import type { ProcessMark } from "../core/process-mark.ts";
import { createPlanRunner, type PlanRunner } from "../plans/plan-runner.ts";
import type { Backbone } from "../stream/backbone.ts";
import type { RoleSurroundings } from "./role.ts";
import { siteBackboneOptions } from "./site-backbone.ts";

/** Built, and not started yet. */
export function openPlans(
  surroundings: RoleSurroundings,
  backbone: Backbone,
  mark: ProcessMark,
): PlanRunner {
  const { clock, logger, metrics, random } = surroundings;
  return createPlanRunner({
    backbone,
    backboneOptions: siteBackboneOptions(surroundings),
    clock,
    random,
    logger: logger("plans"),
    metrics,
    mark,
  });
}
