/** What a device, or its last will, says about being there. */
import type { Status } from "../core/event.ts";
import type { RawMessage } from "../core/message.ts";
import { decode, toText } from "./decode.ts";
import { isScalar, readPath } from "./path.ts";
import type { StatusMapping } from "./profile.ts";

const maxTextLength = 256;

/** The status in a message on a status topic; `unknown` where the text means nothing. */
export function readStatus(mapping: StatusMapping, message: RawMessage): Status {
  const text = textOf(mapping, message.payload);
  const state = mapping.online.includes(text)
    ? "online"
    : mapping.offline.includes(text)
      ? "offline"
      : "unknown";
  return statusOf(state, message.will ? "will" : "reported", message, text);
}

/** A last will on any other topic: its client is gone. */
export function statusOfWill(message: RawMessage): Status {
  return statusOf("offline", "will", message, toText(message.payload));
}

/** A message that carries nothing but the news that its device lives. */
export function statusOfLife(message: RawMessage): Status {
  return statusOf("online", "reported", message, undefined);
}

function statusOf(
  state: Status["state"],
  cause: string,
  { client }: RawMessage,
  text: string | undefined,
): Status {
  return {
    state,
    cause,
    ...(client !== undefined && { client }),
    ...(text !== undefined && { text: text.slice(0, maxTextLength) }),
  };
}

/** Some devices say it bare or in JSON by a setting of theirs, so a bare text is always taken. */
function textOf(mapping: StatusMapping, payload: Uint8Array): string {
  const bare = toText(payload).trim();
  if (mapping.path === undefined) return bare;
  const decoded = decode("json", payload);
  const value = decoded.ok ? readPath(mapping.path, decoded.value) : undefined;
  return isScalar(value) ? String(value) : bare;
}
