/**
 * Events begin with their id, and the id ends with the number that only the log can give. So an
 * event comes in two parts: the front, up to that number, is the same for a whole run and written by
 * the log; the tail, behind the id, is written by who knows what happened.
 */
import type { GatewayId, RunId, Seq } from "./ids.ts";

/** All that stands in front of the number in the ids of one run. */
export function eventFront(gateway: GatewayId, run: RunId): string {
  return `{"specversion":"1.0","id":${JSON.stringify(`${gateway}.${run}.`).slice(0, -1)}`;
}

/** The whole event. */
export function joinEvent(front: string, seq: Seq, tail: string): string {
  return `${front}${seq}"${tail}`;
}

/** The tail of a whole event; undefined when it does not begin with this front and number. */
export function tailOf(event: string, front: string, seq: Seq): string | undefined {
  const id = joinEvent(front, seq, "");
  return event.startsWith(id) ? event.slice(id.length) : undefined;
}
