import { type EventId, eventIdOf, parseEventId, toGatewayId } from "../core/ids.ts";
import { gatewayStream } from "../core/subject.ts";
import type { GatewayPosition } from "../stream/gateway-reader.ts";

/** How far a stream was read; undefined where nothing was. */
export type PositionOf = (stream: string) => GatewayPosition | undefined;

/**
 * True when an event was read, or can never come any more where its gateway's stream was read up
 * to. A gateway sends its log in order and `seq` goes on over its runs; on a new disk both begin
 * anew, behind everything of the old one.
 */
export function hasPassed(eventId: string, positionOf: PositionOf): boolean {
  const event = parseEventId(eventId);
  const runs = event && positionOf(gatewayStream(event.gateway))?.runs;
  const newest = runs?.at(-1);
  if (!event || !runs || !newest) return false;
  return event.seq <= newest.seq || runs.slice(0, -1).some(({ run }) => run === event.run);
}

/** The id of the last event that was read of a gateway. */
export function lastRead(gateway: string, positionOf: PositionOf): EventId | undefined {
  const id = toGatewayId(gateway);
  const newest = positionOf(gatewayStream(id))?.runs.at(-1);
  return newest && eventIdOf(id, newest.run, newest.seq);
}
