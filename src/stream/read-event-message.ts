import type { StoredEvent } from "../core/event.ts";
import { decodeEvent, isMalformed, type MalformedEvent } from "../core/event-codec.ts";
import { eventIdOf } from "../core/ids.ts";
import { eventSubject, gatewayStream } from "../core/subject.ts";
import type { FollowedMessage } from "./follow-stream.ts";
import { eventIdHeader } from "./stream-contract.ts";

/**
 * The event in a message of a gateway's stream, where it is what its place says. Subject and stream are
 * what the server lets a writer use; all else is only written down.
 */
export function readEventMessage(
  message: FollowedMessage,
  stream: string,
): StoredEvent | MalformedEvent {
  const event = decodeEvent(message.string());
  if (isMalformed(event)) return event;
  const { device, kind, origin, position } = event;
  if (gatewayStream(origin.gateway) !== stream) return { malformed: "source and stream differ" };
  if (eventSubject({ ...origin, device, kind }) !== message.subject)
    return { malformed: "source and NATS subject differ" };
  const id = eventIdOf(origin.gateway, position.run, position.seq);
  const named = message.headers?.get(eventIdHeader) ?? "";
  return named === "" || named === id ? event : { malformed: "id and header differ" };
}
