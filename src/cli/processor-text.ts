/** How the processor is, in lines for people: its rules, what fires, what it passed over. */
import { counted } from "../core/counted.ts";
import { formatTime } from "../core/event-codec.ts";
import type { PlanRunnerState } from "../plans/plan-runner.ts";
import { stuckRuleId } from "../plans/stuck-alert.ts";
import type { FailingRule } from "../processor/engine.ts";
import type { OpenAlert } from "../processor/open-alerts.ts";
import type { ProcessorState } from "../processor/processor.ts";
import { alertLine } from "./edge-rules-text.ts";
import { type RuleFilesState, ruleFilesLines } from "./rule-files-text.ts";

/** More alerts than these are only counted. */
const mostAlerts = 8;
/** So it is with devices that somebody should look at. */
const mostDevices = 5;

/** What a running processor says of itself, and of the plans and rule files beside it. */
export type ProcessorStatus = ProcessorState & {
  readonly plans?: PlanRunnerState;
  readonly ruleFiles?: RuleFilesState;
};

/** All lines of it. */
export function processorLines({
  elsewhere = [],
  partitions,
  plans,
  ruleFiles = {},
}: ProcessorStatus): string[] {
  const held = partitions.filter((partition) => partition.held);
  const gateways = partitions.flatMap((partition) => partition.gateways).length;
  const count = (of: (partition: (typeof held)[number]) => number | undefined): number =>
    held.reduce((sum, partition) => sum + (of(partition) ?? 0), 0);
  const stuck = plans?.stuck ?? 0;
  const firing = (["critical", "warning", "info"] as const).flatMap((severity) => {
    const number =
      (severity === "critical" ? stuck : 0) +
      count((partition) => partition.firing?.counts[severity]);
    return number > 0 ? `${number} ${severity}` : [];
  });
  const judged = held.flatMap((partition) => partition.firing?.first ?? []);
  const alerts = [...(plans ? stuckAlerts(plans) : []), ...judged];
  const more = stuck + count(({ firing: open }) => sumOf(open?.counts)) - mostAlerts;
  const passedOver = count(({ rules }) => numberIn(rules, "outOfOrder"));
  const setBack = count(({ rules }) => numberIn(rules, "clocksSetBack"));
  const leftOut = count(({ rules }) => numberIn(rules, "leftOut") + numberIn(rules, "displaced"));
  const mishaps = count(({ mishaps: state }) => sumOf(state?.counts));
  return [
    `Rules     ${held.length} of ${partitions.length + elsewhere.length} partitions here   ${counted(gateways, "gateway")}`,
    ...ruleFilesLines(ruleFiles),
    ...elsewhereLines(elsewhere),
    `          passed over ${passedOver} late samples   clocks set back ${setBack}   left out ${leftOut}   mishaps ${mishaps}`,
    ...held.flatMap(({ devices = [] }) => devices.map(troubleLine)).slice(0, mostDevices),
    ...failingLines(held.flatMap(({ failingRules = [] }) => failingRules)),
    `Alerts    ${firing.length > 0 ? `${firing.join(", ")} firing` : "none firing"}`,
    ...alerts.slice(0, mostAlerts).map(alertLine),
    ...(more > 0 ? [`          and ${more} more`] : []),
  ];
}

/** Runs of plans that call a person fire as alerts do, though no partition judges them. */
function stuckAlerts({ runs }: PlanRunnerState): readonly OpenAlert[] {
  return runs
    .filter(({ state }) => state === "stuck")
    .map(({ plan, run, stuckMs = 0 }) => ({
      rule: stuckRuleId,
      severity: "critical",
      labels: { plan, run },
      stale: false,
      started_at: formatTime(stuckMs),
    }));
}

/** One line for each rule that fails, whatever partitions it fails in. */
function failingLines(failing: readonly FailingRule[]): string[] {
  return [...new Set(failing.map(({ rule }) => rule))].slice(0, mostAlerts).map((id) => {
    const same = failing.filter(({ rule }) => rule === id);
    const times = same.reduce((sum, { failures }) => sum + failures, 0);
    const last = same.reduce((one, other) => (other.at > one.at ? other : one));
    return `          ${id} failed ${counted(times, "time")}, last with ${last.device} at ${last.at}: ${last.error}`;
  });
}

/** One line for each of the other processors. */
function elsewhereLines(elsewhere: ProcessorState["elsewhere"]): string[] {
  const names = [...new Set(elsewhere.map(({ processor }) => processor))].sort();
  return names.map((name) => {
    const theirs = elsewhere.filter(({ processor }) => processor === name);
    const since = new Date(Math.max(...theirs.map(({ sinceMs }) => sinceMs))).toISOString();
    const numbers = theirs.map(({ partition }) => partition).join(", ");
    return `          ${name} has ${counted(theirs.length, "partition")} (${numbers}), the last since ${since}`;
  });
}

/** A device whose readings were passed over, or whose clock is wrong. */
function troubleLine(trouble: object): string {
  const { clock, device }: { clock?: unknown; device?: unknown } = trouble;
  const suspect = clock === "suspect" ? "   its clock is suspect" : "";
  const passedOver = numberIn(trouble, "passedOver");
  return `          ${String(device)}   passed over ${passedOver}   clock set back ${numberIn(trouble, "setBack")}${suspect}`;
}

/** A count of the rules; 0 where a processor of another version has no such one. */
function numberIn(counts: object | undefined, name: string): number {
  const value: unknown = Object.entries(counts ?? {}).find(([key]) => key === name)?.[1];
  return typeof value === "number" ? value : 0;
}

/** Of all counts together. */
export function sumOf(counts: Readonly<Record<string, number>> | undefined): number {
  return Object.values(counts ?? {}).reduce((sum, one) => sum + one, 0);
}
