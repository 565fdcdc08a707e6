/**
 * Names on the backbone. Everything that is named there is named here, once.
 *
 * Events: `ev.<site>.<gateway>.<device>.<kind>` in the stream `GW_<gateway>`; all parts escaped.
 * Commands: `cmd.<site>.<gateway>.<device>.<command>` in the stream `COMMANDS`; `=cancel` takes one back.
 * Plans: `plan.<site>.<run>` in the stream `PLANS`.
 * Alerts: `alert.c.<partition>.<site>.<instance>` in the stream `ALERTS`; `alert.o.` for what people
 * do about them.
 * Derived series: `derived.<partition>.<site>.<gateway>.<device>.<series>` in the stream `DERIVED`.
 */

import type { DerivedKey } from "./derived-value.ts";
import type { EventKind } from "./event-kind.ts";
import { fnv1a32 } from "./fnv1a.ts";
import { type DeviceId, type GatewayId, type SiteId, toGatewayId, toSiteId } from "./ids.ts";
import { remember } from "./remember.ts";
import { escapeToken, unescapeToken } from "./token.ts";

/** Names are few, and their tokens are asked for with every event. */
const maxNames = 16_384;
const tokenOf = remember(maxNames, escapeToken);

/** The device token of events that are the gateway's own. */
export const gatewayToken = "=";

/** How many partitions the sites are spread over. Fixed for the life of a backbone. */
const partitionCount = 64;

/** All streams of gateways begin with this. */
export const gatewayStreamPrefix = "GW_";
/** The stream of alert transitions and operator actions. */
export const alertsStream = "ALERTS";
/** The stream of delivery attempts. */
export const notifyLogStream = "NOTIFY_LOG";
/** The stream of commands to devices, and of what takes them back. */
export const commandsStream = "COMMANDS";
/** All streams that hold the commands of one gateway, and nobody else's, begin with this. */
export const commandsCopyPrefix = "CMD_";
/** The stream of runs of plans. */
export const plansStream = "PLANS";
/** The stream of values that rules compute out of others. */
export const derivedStream = "DERIVED";
/** The stream of points that the historian's database refuses for ever. */
export const historyRejectedStream = "HISTORY_REJECTED";
/** The stream of what the targets of bridges refuse for ever, and of what they never got. */
export const bridgeAsideStream = "BRIDGE_ASIDE";
/** KV buckets: reader positions, processor checkpoints, who does what only one may do. */
export const positionsBucket = "positions";
export const checkpointsBucket = "checkpoints";
export const leasesBucket = "leases";

export interface EventAddress {
  readonly site: SiteId;
  readonly gateway: GatewayId;
  /** Null for the gateway's own events. */
  readonly device: DeviceId | null;
  readonly kind: EventKind;
}

/** The token that stands for a device, or for the gateway itself, in subjects. */
export function deviceToken(device: DeviceId | null): string {
  return device === null ? gatewayToken : tokenOf(device);
}

/** `ev.<site>.<gateway>.`: what all subjects of one gateway begin with. */
export function gatewaySubjectPrefix(site: SiteId, gateway: GatewayId): string {
  return `ev.${tokenOf(site)}.${tokenOf(gateway)}.`;
}

/** The subject filter of the stream of one gateway. */
export function gatewaySubjects(site: SiteId, gateway: GatewayId): string {
  return `${gatewaySubjectPrefix(site, gateway)}>`;
}

/** What one gateway says of one kind, of whatever device. */
export function kindSubjects(site: SiteId, gateway: GatewayId, kind: EventKind): string {
  return `${gatewaySubjectPrefix(site, gateway)}*.${kind}`;
}

/** The gateway behind the subject filter of its stream; undefined when it is none. */
export function parseGatewaySubjects(
  filter: string,
): { readonly site: SiteId; readonly gateway: GatewayId } | undefined {
  const [ev, siteToken, gatewayPart, rest, ...more] = filter.split(".");
  if (ev !== "ev" || rest !== ">" || more.length > 0) return undefined;
  const site = unescapeToken(siteToken ?? "");
  const gateway = unescapeToken(gatewayPart ?? "");
  if (site === undefined || gateway === undefined) return undefined;
  return { site: toSiteId(site), gateway: toGatewayId(gateway) };
}

export function gatewayStream(gateway: GatewayId): string {
  return gatewayStreamPrefix + tokenOf(gateway);
}

/** The stream that holds a copy of the commands for one gateway, where an administrator made one. */
export function commandsCopyStream(gateway: GatewayId): string {
  return commandsCopyPrefix + tokenOf(gateway);
}

/** The gateway whose stream has this name; undefined for any other stream. */
export function gatewayOfStream(stream: string): GatewayId | undefined {
  if (!stream.startsWith(gatewayStreamPrefix)) return undefined;
  const gateway = unescapeToken(stream.slice(gatewayStreamPrefix.length));
  return gateway === undefined ? undefined : toGatewayId(gateway);
}

/** nats-server refuses longer names of streams (`JSMaxNameLen`). */
const maxStreamNameLength = 255;

/** Why no stream can be named after a gateway, for people; undefined when one can. */
export function problemOfGatewayName(name: string): string | undefined {
  const { length } = gatewayStream(toGatewayId(name));
  if (length <= maxStreamNameLength) return undefined;
  return (
    `its stream's name would have ${length} characters, and nats-server takes ${maxStreamNameLength}; ` +
    "A-Z, a-z, 0-9, - and _ count once, a letter of another alphabet 6 to 12 times"
  );
}

/** The subject filter of the transitions of all alerts. */
export const allAlerts = "alert.c.>";

/** The subject filter of the transitions of all alerts of one partition of sites. */
export function partitionAlerts(partition: number): string {
  return `alert.c.${partition}.>`;
}

/** The subject filter of the transitions of all alerts of one site. */
export function siteAlerts(site: SiteId): string {
  return alertSubject(site, ">");
}

/** The subject of the condition transitions of one alert instance. */
export function alertSubject(site: SiteId, instance: string): string {
  return `alert.c.${partitionOf(site)}.${escapeToken(site)}.${instance}`;
}

/** The subject filter of all that people do about alerts. */
export const allOperatorActions = "alert.o.>";

/** The subject filter of what people do about alerts of one partition of sites. */
export function partitionActions(partition: number): string {
  return `alert.o.${partition}.>`;
}

/** The subject of what people do about one alert instance. */
export function operatorSubject(site: SiteId, instance: string): string {
  return `alert.o.${partitionOf(site)}.${escapeToken(site)}.${instance}`;
}

/** Takes a subject apart; undefined when it is not the subject of an alert's transitions. */
export function parseAlertSubject(
  natsSubject: string,
): { readonly site: SiteId; readonly instance: string } | undefined {
  const [alert, condition, partition, siteToken, instance, ...rest] = natsSubject.split(".");
  if (alert !== "alert" || condition !== "c" || !instance || rest.length > 0) return undefined;
  const name = unescapeToken(siteToken ?? "");
  if (name === undefined) return undefined;
  const site = toSiteId(name);
  return partition === String(partitionOf(site)) ? { site, instance } : undefined;
}

/** The subject filter of all derived series. */
export const allDerived = "derived.>";

/** The subject of one derived series; `=` stands for all devices of a gateway, all gateways of a site. */
export function derivedSubject({ site, gateway, device, series }: DerivedKey): string {
  const gatewayPart = gateway === null ? gatewayToken : escapeToken(gateway);
  return `derived.${partitionOf(site)}.${escapeToken(site)}.${gatewayPart}.${deviceToken(device)}.${escapeToken(series)}`;
}

/** The subject filter of all points that were refused. */
export const allRefusedPoints = "history.rejected.>";

/** The subject of one refused point; `key` is one plain token. */
export function refusedPointSubject(key: string): string {
  return `history.rejected.${key}`;
}

/** The subject filter of all that bridges set aside. */
export const allSetAside = "bridge.aside.>";

/** The subject of one letter that a target did not get; `target` and `key` are plain tokens. */
export function setAsideSubject(target: string, key: string): string {
  return `bridge.aside.${target}.${key}`;
}

/** The subject of one event. */
export function eventSubject(address: EventAddress): string {
  return (
    gatewaySubjectPrefix(address.site, address.gateway) +
    deviceToken(address.device) +
    "." +
    address.kind
  );
}

/** The last token of what takes a command back. */
const cancelToken = "=cancel";

/** The subject of a command; of what takes one back where `name` is undefined. */
export function commandSubject(
  { device, gateway, site }: Pick<EventAddress, "site" | "gateway"> & { readonly device: DeviceId },
  name: string | undefined,
): string {
  const command = name === undefined ? cancelToken : escapeToken(name);
  return `${gatewayCommandsPrefix(site, gateway)}${deviceToken(device)}.${command}`;
}

/** The subject filter of all that is for one site. */
export function siteCommands(site: SiteId): string {
  return `cmd.${escapeToken(site)}.>`;
}

/** The subject filter of all that is for one gateway. */
export function gatewayCommands(site: SiteId, gateway: GatewayId): string {
  return `${gatewayCommandsPrefix(site, gateway)}>`;
}

function gatewayCommandsPrefix(site: SiteId, gateway: GatewayId): string {
  return `cmd.${escapeToken(site)}.${escapeToken(gateway)}.`;
}

/** The subject filter of all commands. */
export const allCommands = "cmd.>";

/** The subject filter of all runs of plans. */
export const allPlans = "plan.>";

/** The subject of one run of a plan; `run` is one plain token. */
export function planSubject(site: SiteId, run: string): string {
  return `plan.${escapeToken(site)}.${escapeToken(run)}`;
}

/** True for the number of a partition. */
export function isPartition(number: number): boolean {
  return Number.isSafeInteger(number) && number >= 0 && number < partitionCount;
}

/** The partition of a site: equals the server's `partition(64, …)` over the escaped site token. */
export function partitionOf(site: SiteId): number {
  return fnv1a32(escapeToken(site)) % partitionCount;
}
