/** How the roles are, one screen for people. */

import type { HubStatus } from "../app/web/status/status-desk.ts";
import type { BridgeState } from "../bridge/bridge.ts";
import type { HalfChanged } from "../config/site/half-changed.ts";
import { counted } from "../core/counted.ts";
import { formatDuration } from "../core/duration.ts";
import { isObject } from "../core/is-object.ts";
import type { LinkState } from "../core/message.ts";
import { printable } from "../core/printable.ts";
import { formatSize } from "../core/size.ts";
import type { GatewayStatus } from "../gateway/gateway-status.ts";
import type { HistorianState } from "../historian/historian.ts";
import type { NotifierState } from "../notify/notifier.ts";
import type { ReceiverState } from "../notify/receiver-route.ts";
import { boxLines } from "./box-text.ts";
import { bridgeLines } from "./bridge-text.ts";
import { edgeRuleLines } from "./edge-rules-text.ts";
import { historianLines } from "./historian-text.ts";
import { memberLines } from "./member-text.ts";
import { plansLines } from "./plans-lines.ts";
import { type ProcessorStatus, processorLines, sumOf } from "./processor-text.ts";
import { refusalLines } from "./refusal-text.ts";

/** What the running processes say of the roles they have. */
export interface RolesStatus {
  readonly gateway?: GatewayStatus;
  readonly processor?: ProcessorStatus;
  readonly notifier?: NotifierState;
  readonly historian?: HistorianState;
  readonly bridge?: BridgeState;
  readonly console?: HubStatus;
  /** The files that are in force are of two versions of the fleet. */
  readonly halfChanged?: HalfChanged;
  /** Where the console of the process is. */
  readonly web?: string;
}

/** Every role that answers, in the order of the flow; those without words of their own behind. */
export function describeRoles(status: RolesStatus, nowMs: number): string {
  const {
    bridge,
    console: hub,
    gateway,
    halfChanged,
    historian,
    notifier,
    processor,
    web,
    ...others
  } = status;
  return [
    ...(halfChanged ? halfChangedLines(halfChanged) : []),
    ...(gateway ? gatewayLines(gateway, nowMs) : []),
    ...(processor ? processorLines(processor) : []),
    ...(processor?.plans ? plansLines(processor.plans) : []),
    ...(notifier ? notifier.receivers.map((receiver) => receiverLine(receiver, nowMs)) : []),
    ...(historian ? historianLines(historian, nowMs) : []),
    ...(bridge ? bridgeLines(bridge, nowMs) : []),
    ...(hub || web !== undefined ? [consoleLine(web, hub)] : []),
    ...Object.entries(others).flatMap(([name, facts]) => otherLines(name, facts)),
    "",
  ]
    .map(printable)
    .join("\n");
}

/** First, since whatever stands below may follow from it. */
function halfChangedLines({ version }: HalfChanged): readonly string[] {
  const goal = version === undefined ? "back to the version before" : `to version ${version}`;
  return [
    `Files     of two versions: a change of the fleet ${goal} was cut off`,
    "          next: sluicegate fleet apply --rollback --yes, then a restart",
  ];
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
    ...boxLines(status, nowMs),
    ...(status.closed ? ["Drain     told to drain: nothing more is taken from devices"] : []),
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
