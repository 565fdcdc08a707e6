/** `per`: what one alert of a rule is of, and what goes with that. */
import * as z from "zod";
import type { Condition } from "../rule.ts";
import type { Refusal } from "./condition-kind.ts";
import { isOneMetric } from "./select-schema.ts";

export const perField = z
  .enum(["device", "metric", "gateway", "site"])
  .describe("What one alert is of: a device, a metric of it, a gateway or a site.");

export const maxInstancesField = z
  .int()
  .min(1)
  .max(10_000)
  .describe("More alerts than so many of one gateway are left out, and counted; 10000.");

/** The fields of a rule that this is about. */
export interface PerRule {
  readonly per?: z.output<typeof perField> | undefined;
  readonly select: { readonly metric?: string | readonly string[] | undefined };
  readonly for_samples?: number | undefined;
}

/** What does not go with `per`. */
export function* refusePer(rule: PerRule, condition: Condition): Iterable<Refusal> {
  const { per = "device", select } = rule;
  const metric = ["select", "metric"];
  if (per === "metric") {
    if (condition.kind === "expr")
      yield { path: ["per"], message: "an expression names its metrics itself; leave per out" };
    if (select.metric === undefined)
      yield { path: metric, message: 'say which metrics; "*" is all of a device' };
    return;
  }
  if (select.metric !== undefined && !isOneMetric(select.metric))
    yield {
      path: metric,
      message: "a rule is about one metric; name it, or write per: metric for an alert of each",
    };
  if (per === "device") return;
  yield* refuseTogether(rule, condition, per);
}

function* refuseTogether(
  rule: PerRule,
  condition: Condition,
  per: "gateway" | "site",
): Iterable<Refusal> {
  const path = ["per"];
  if (rule.for_samples !== undefined)
    yield { path: ["for_samples"], message: `per: ${per} has no samples to count; write for` };
  if (condition.kind === "absent") {
    if (per === "site")
      yield { path, message: "absent is per device, metric or gateway; GatewayOffline tells more" };
    if (condition.intervals !== undefined)
      yield {
        path: ["condition", "absent", "intervals"],
        message: `devices of a ${per} have intervals of their own; write longer_than`,
      };
    return;
  }
  if (condition.kind !== "window") {
    yield { path, message: `per: ${per} is for window${per === "site" ? "" : " and absent"}` };
    return;
  }
  if (condition.agg === "delta")
    yield {
      path: ["condition", "window", "agg"],
      message: "the delta of several devices is that of any; take avg, min or max",
    };
  for (const { limit } of condition.levels)
    if (Object.values(limit).some((bound) => typeof bound === "object"))
      yield {
        path: ["condition", "window"],
        message: `a ${per} has no attributes; write the limit as a number`,
      };
}
