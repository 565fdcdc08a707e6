/** An event as it is played again: as it was, in another gateway's name, or at another time. */
import { BoundedMap } from "../core/bounded-map.ts";
import type { GatewayEvent, Origin, StoredEvent } from "../core/event.ts";
import { createTailEncoder } from "../core/event-codec.ts";
import { eventFront, joinEvent } from "../core/event-front.ts";
import type { GatewayId } from "../core/ids.ts";
import { type Move, moveEvent, moveRun } from "./move-event.ts";
import type { RecordedEvent } from "./recorded-line.ts";

/** What is stored for an event that was recorded. */
export interface ReplayedEvent {
  readonly event: StoredEvent;
  readonly text: string;
}

/** Gateways of one recording whose encoders are kept. */
const mostGateways = 1_024;

/**
 * Gives what is to be stored for an event: in the name of `gateway` where one is given, and `shiftMs`
 * later than it was. One that is not changed keeps its bytes. Undefined for what cannot be said otherwise
 * than it was: ids of alerts are made of their times and of whom they are about.
 */
export function createReplayer(
  gateway: GatewayId | undefined,
  shiftMs: number,
): (recorded: RecordedEvent) => ReplayedEvent | undefined {
  const encoders = new BoundedMap<string, (event: GatewayEvent) => string>(mostGateways);
  const encoderOf = (origin: Origin): ((event: GatewayEvent) => string) => {
    const key = JSON.stringify([origin.site, origin.gateway]);
    const known = encoders.get(key) ?? createTailEncoder(origin);
    encoders.set(key, known);
    return known;
  };
  return ({ event, text }) => {
    const { position } = event;
    const origin = { ...event.origin, gateway: gateway ?? event.origin.gateway };
    if (origin.gateway === event.origin.gateway && shiftMs === 0) return { event, text };
    const move: Move = { gateway: origin.gateway, shiftMs };
    const moved = moveEvent(event, move);
    if (!moved) return undefined;
    const at = { run: moveRun(position.run, shiftMs), seq: position.seq };
    const front = eventFront(origin.gateway, at.run);
    const replayed = { ...moved, origin, position: at };
    return { event: replayed, text: joinEvent(front, at.seq, encoderOf(origin)(moved)) };
  };
}
