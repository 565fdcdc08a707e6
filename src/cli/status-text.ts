/** How the roles are, one screen for people. */

import type { HubStatus } from "../app/web/status/status-desk.ts";
import { counted } from "../core/counted.ts";
import { formatDuration } from "../core/duration.ts";
import { formatTime } from "../core/event-codec.ts";
import { isObject } from "../core/is-object.ts";
import type { LinkState } from "../core/message.ts";
import { printable } from "../core/printable.ts";
import { formatSize } from "../core/size.ts";
import type { GatewayStatus } from "../gateway/gateway-status.ts";
import type { HistorianState } from "../historian/historian.ts";
import type { NotifierState } from "../notify/notifier.ts";
import type { ReceiverState } from "../notify/receiver-route.ts";
import type { PlanRunnerState } from "../plans/plan-runner.ts";
import { stuckRuleId } from "../plans/stuck-alert.ts";
import type { FailingRule } from "../processor/engine.ts";
import type { OpenAlert } from "../processor/open-alerts.ts";
import type { ProcessorState } from "../processor/processor.ts";
import { alertLine, edgeRuleLines } from "./edge-rules-text.ts";
import { historianLines } from "./historian-text.ts";
import { memberLines } from "./member-text.ts";
import { plansLines } from "./plans-lines.ts";
import { refusalLines } from "./refusal-text.ts";
import { type RuleFilesState, ruleFilesLines } from "./rule-files-text.ts";

/** More alerts than these are only counted. */
const mostAlerts = 8;
/** So it is with devices that somebody should look at. */
const mostDevices = 5;

/** What the running processes say of the roles they have. */
export interface RolesStatus {
  readonly gateway?: GatewayStatus;
  readonly processor?: ProcessorStatus;
  readonly notifier?: NotifierState;
  readonly historian?: HistorianState;
  readonly console?: HubStatus;
  /** Where the console of the process is. */
  readonly web?: string;
}

type ProcessorStatus = ProcessorState & {
  readonly plans?: PlanRunnerState;
  readonly ruleFiles?: RuleFilesState;
};

/** Every role that answers, in the order of the flow; those without words of their own behind. */
export function describeRoles(status: RolesStatus, nowMs: number): string {
  const { console: hub, gateway, historian, notifier, processor, web, ...others } = status;
  return [
    ...(gateway ? gatewayLines(gateway, nowMs) : []),
    ...(processor ? processorLines(processor) : []),
    ...(processor?.plans ? plansLines(processor.plans) : []),
    ...(notifier ? notifier.receivers.map((receiver) => receiverLine(receiver, nowMs)) : []),
    ...(historian ? historianLines(historian, nowMs) : []),
    ...(hub || web !== undefined ? [consoleLine(web, hub)] : []),
    ...Object.entries(others).flatMap(([name, facts]) => otherLines(name, facts)),
    "",
  ]
    .map(printable)
    .join("\n");
}

function consoleLine(web: string | undefined, status: HubStatus | undefined): string {
  const parts = [web ?? "no address"];
  if (status?.hub) {
    const { connected, gateways, reason } = status.hub;
    parts.push(
      connected
        ? `sees ${counted(gateways, "gateway")}`
        : `backbone away: ${reason ?? "no reason"}`,
    );
  }
  return `Console   ${parts.join("   ")}`;
}

function otherLines(name: string, facts: unknown): string[] {
  if (!isObject(facts)) return [];
  const said = Object.entries(facts).map(
    ([fact, value]) => `${fact} ${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return [`${(name.slice(0, 1).toUpperCase() + name.slice(1)).padEnd(9)} ${said.join("   ")}`];
}

function gatewayLines(status: GatewayStatus, nowMs: number): string[] {
  const { buffer, devices, deviceStates, flow, link } = status;
  const reason = link.reason === undefined ? "" : `   ${link.reason}`;
  const oldest =
    buffer.oldestWaitingMs === undefined
      ? ""
      : `   oldest ${formatDuration(nowMs - buffer.oldestWaitingMs)} old`;
  const used = ((100 * buffer.sizeBytes) / buffer.maxBytes).toFixed(1);
  const before = status.droppedBefore > 0 ? ` (${status.droppedBefore} more in earlier runs)` : "";
  return [
    `${status.site}/${status.gateway}   up ${formatDuration(status.uptimeMs)}`,
    `Link      ${link.kind} for ${formatDuration(nowMs - link.since)}   ${link.server ?? ""}${reason}`,
    `Buffer    ${buffer.waitingRecords} waiting${oldest}   ${formatSize(buffer.sizeBytes)} on disk, ${used} % of ${formatSize(buffer.maxBytes)}`,
    ...(buffer.trouble === undefined ? [] : [`Disk      ${buffer.trouble}`]),
    `Flow      received ${flow.received}   sent ${link.sent} (${Math.round(link.ratePerSecond)}/s)   rejected ${flow.rejected}   passed over ${flow.passedOver ?? 0}`,
    `Lost      ${buffer.droppedRecords} in this run${before}`,
    `Devices   ${devices}${describeStates(deviceStates)}${sayDescribed(status)}`,
    ...descriptionLines(status),
    ...commandLines(status),
    ...edgeRuleLines(status.edgeRules),
    ...status.sources.flatMap(({ holding, link, load, members, name, refusals = [] }) => [
      `Source    ${name}${link ? `   ${describeLink(link, nowMs)}` : ""}${holding ? "   holding clients back" : ""}`,
      ...memberLines(members, load, nowMs),
      ...refusalLines(refusals, nowMs),
    ]),
  ];
}

function sayDescribed({ descriptions }: GatewayStatus): string {
  const count = descriptions?.devices ?? 0;
  return count === 0 ? "" : `   ${count} described themselves`;
}

/** What was not taken of descriptions, the latest three. */
function descriptionLines({ descriptions }: GatewayStatus): string[] {
  const refused = descriptions?.refused.slice(0, 3) ?? [];
  return refused.map(
    ({ about, count, reason }) => `          not taken of ${about}: ${reason} (${count})`,
  );
}

/** Nothing where nobody has issued any. */
function commandLines({ commands }: GatewayStatus): string[] {
  if (commands === undefined) return [];
  const { ended, open, trouble, waiting } = commands;
  const counts = Object.entries(ended).map(([state, count]) => `${count} ${state}`);
  const said = [...(open > 0 ? [`${open} open, ${waiting} of them wait`] : []), ...counts];
  return [
    ...(said.length > 0 ? [`Commands  ${said.join("   ")}`] : []),
    ...(trouble === undefined ? [] : [`          ${trouble}`]),
  ];
}

/** `: 118 ok, 1 silent, 1 clock suspect`. */
function describeStates(counts: Readonly<Record<string, number>> = {}): string {
  const said = Object.entries(counts).map(
    ([state, count]) => `${count} ${stateWords[state] ?? state.replace("-", " ")}`,
  );
  return said.length === 0 ? "" : `: ${said.join(", ")}`;
}

const stateWords: Readonly<Record<string, string>> = { never: "never heard" };

function describeLink({ isConnected, reason, sinceMs }: LinkState, nowMs: number): string {
  const span = formatDuration(Math.max(0, nowMs - sinceMs));
  return isConnected
    ? `connected for ${span}`
    : `no connection for ${span}${reason === undefined ? "" : `: ${reason}`}`;
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

function processorLines({
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

function receiverLine(receiver: ReceiverState, nowMs: number): string {
  const { cursorLost, deadLetters, delivered, failing, held, kind, name, passedOver } = receiver;
  const { retried, standby, waiting } = receiver;
  return [
    `Notify    ${name} (${kind})${standby ? "   another notifier tells it" : ""}`,
    `delivered ${delivered}`,
    `waiting ${waiting}`,
    ...Object.entries(held).map(([why, instances]) => `${why} ${instances}`),
    ...(sumOf(passedOver) > 0 ? [`not told ${reasons(passedOver)}`] : []),
    ...(retried > 0 ? [`tried again ${retried}`] : []),
    ...(deadLetters > 0 ? [`given up ${deadLetters}`] : []),
    ...(failing
      ? [`failing for ${formatDuration(nowMs - failing.sinceMs)}: ${failing.reason}`]
      : []),
    ...(cursorLost ? [`its cursor was lost: ${cursorLost.reason}`] : []),
  ].join("   ");
}

/** `3 (ended meanwhile 2, no route 1)`. */
function reasons(counts: Readonly<Record<string, number>>): string {
  const each = Object.entries(counts).map(([why, count]) => `${why} ${count}`);
  return `${sumOf(counts)} (${each.join(", ")})`;
}

function sumOf(counts: Readonly<Record<string, number>> | undefined): number {
  return Object.values(counts ?? {}).reduce((sum, one) => sum + one, 0);
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
