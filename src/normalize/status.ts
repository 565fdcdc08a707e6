/** What a device, or its last will, says about being there. */
import type { Status } from "../core/event.ts";
import type { RawMessage } from "../core/message.ts";
import { json } from "./codecs/json.ts";
import { decode, toText } from "./decode.ts";
import type { Misfit } from "./misfit.ts";
import { isScalar, readPath } from "./paths/path.ts";
import type { StatusMapping } from "./profile.ts";

const maxTextLength = 256;

/** The status in a message on a status topic. A last will is one, whatever it says. */
export function readStatus(mapping: StatusMapping, message: RawMessage): Status | Misfit {
  const text = textOf(mapping, message.payload);
  const cause = message.attributes.will ? "will" : "reported";
  if (mapping.online.includes(text)) return statusOf("online", cause, message, text);
  if (mapping.offline.includes(text)) return statusOf("offline", cause, message, text);
  if (message.attributes.will) return statusOfWill(message);
  const words = [...mapping.online, ...mapping.offline].join(", ");
  return { code: "bad-value", reason: `"${text.slice(0, 64)}" is not one of ${words}` };
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
  if (mapping.read !== undefined) return mapping.read(bare) ?? bare;
  if (mapping.path === undefined) return bare;
  const decoded = decode(json, payload, 0);
  const value = decoded.ok ? readPath(mapping.path, decoded.value) : undefined;
  return isScalar(value) ? String(value) : bare;
}
