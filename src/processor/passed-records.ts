import { type AlertTransition, siteOfAlert } from "../core/alert.ts";
import {
  type EventId,
  eventIdOf,
  type GatewayId,
  parseEventId,
  type SiteId,
  toGatewayId,
} from "../core/ids.ts";
import { gatewayStream } from "../core/subject.ts";
import type { GatewayPosition } from "../stream/gateway-reader.ts";
import { hasPassedRecord } from "../stream/has-passed.ts";

/** How far a stream was read; undefined where nothing was. */
export type PositionOf = (stream: string) => GatewayPosition | undefined;

/** What a partition was read of. */
export interface ReadSoFar {
  readonly positionOf: PositionOf;
  readonly gatewaysOf: (site: SiteId) => Iterable<GatewayId>;
}

/** With more gateways nobody tells how far a site was read: a transition stays a small message. */
const mostGateways = 1_000;

/** True when an event was read, or can never come any more where its gateway's stream was read up to. */
export function hasPassed(eventId: string, positionOf: PositionOf): boolean {
  const event = parseEventId(eventId);
  const position = event && positionOf(gatewayStream(event.gateway));
  return event !== undefined && position !== undefined && hasPassedRecord(position, event);
}

/**
 * The last events that were read of what an alert is about: of its gateway, or of each gateway of its
 * site. `event` is the one that it was found in, which counts as read and stands first.
 */
export function lastReads(
  alert: Pick<AlertTransition, "labels">,
  { gatewaysOf, positionOf }: ReadSoFar,
  event?: EventId,
): readonly EventId[] {
  const found = event === undefined ? [] : [event];
  const { gateway } = alert.labels;
  if (gateway !== undefined)
    return event === undefined ? lastRead(toGatewayId(gateway), positionOf) : found;
  const own = parseEventId(event ?? "")?.gateway;
  for (const each of gatewaysOf(siteOfAlert(alert)))
    if (each !== own) found.push(...lastRead(each, positionOf));
  return found.length > mostGateways ? [] : found;
}

function lastRead(gateway: GatewayId, positionOf: PositionOf): readonly EventId[] {
  const newest = positionOf(gatewayStream(gateway))?.runs.at(-1);
  return newest ? [eventIdOf(gateway, newest.run, newest.seq)] : [];
}
