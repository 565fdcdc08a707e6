/** The alert that calls a person to a run that cannot go on by itself. */
import type { AlertTransition } from "../core/alert.ts";
import type { EpochMs } from "../core/clock.ts";
import { formatTime } from "../core/event-codec.ts";
import { fnv1a64 } from "../core/fnv1a.ts";
import { escapeToken } from "../core/token.ts";
import type { PlanRun } from "./plan-run.ts";

/** In the group of the rules that come with the program. */
export const stuckRuleId = "sluicegate/PlanStuck";

/**
 * What is to be told of a stuck run, made from what is stored of it alone: whoever makes it again makes
 * the same. Undefined for a run that is not stuck.
 */
export function stuckAlert(run: PlanRun, observedMs: EpochMs): AlertTransition | undefined {
  if (run.state !== "stuck" || run.stuckMs === undefined) return undefined;
  const { failedStep, plan, settled, site, why = "" } = run;
  const instance = fnv1a64([...stuckRuleId.split("/"), site, run.run].map(escapeToken).join("."));
  const startedAt = formatTime(run.stuckMs);
  const endedAt = settled ? formatTime(Math.max(settled.atMs, run.stuckMs)) : undefined;
  const episode = fnv1a64(`${instance} ${startedAt}`);
  const n = endedAt === undefined ? 1 : 2;
  return {
    schema: "alert.transition/1",
    id: `${episode}.${n}`,
    episode,
    n,
    instance,
    rule: stuckRuleId,
    rule_rev: "sluicegate",
    state: endedAt === undefined ? "firing" : "ended",
    reason: endedAt === undefined ? "stuck" : "settled",
    severity: "critical",
    late: false,
    stale: false,
    labels: { site, plan, run: run.run, step: String(failedStep ?? 0) },
    annotations: {
      summary: `plan ${plan} is stuck: ${why}`,
      ...(settled && { settled: `by ${settled.by}${settled.reason ? `: ${settled.reason}` : ""}` }),
    },
    started_at: startedAt,
    fired_at: startedAt,
    ended_at: endedAt ?? null,
    at: endedAt ?? startedAt,
    observed_at: formatTime(observedMs),
  };
}
