import type { GatewayEvent, Origin } from "../../src/core/event.ts";
import { createTailEncoder } from "../../src/core/event-codec.ts";
import type { EventId } from "../../src/core/ids.ts";

/** Gives whole events of one gateway as text, as its log would with this id. */
export function createEventEncoder(origin: Origin): (event: GatewayEvent, id: EventId) => string {
  const tail = createTailEncoder(origin);
  return (event, id) => `{"specversion":"1.0","id":${JSON.stringify(id)}${tail(event)}`;
}
