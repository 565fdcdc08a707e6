/** From bytes to a value. One decoder for each codec that a profile may name; none of them throws. */
import { isUtf8 } from "node:buffer";

export const codecs = ["json", "text"] as const;
export type Codec = (typeof codecs)[number];

/** A payload larger than this is not looked into. */
export const maxDecodeBytes = 2 ** 20;

/** The value in a payload, or why there is none. */
export type Decoded =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: string };

export function decode(codec: Codec, payload: Uint8Array): Decoded {
  if (payload.byteLength > maxDecodeBytes)
    return { ok: false, reason: `payload has more than ${maxDecodeBytes} bytes` };
  if (!isUtf8(payload)) return { ok: false, reason: "payload is not UTF-8" };
  const text = toText(payload);
  return codec === "json" ? decodeJson(text) : { ok: true, value: decodeText(text) };
}

/** The text of a payload; bytes that are not UTF-8 become U+FFFD. */
export function toText(payload: Uint8Array): string {
  return Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString("utf8");
}

function decodeJson(text: string): Decoded {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false, reason: text === "" ? "payload is empty" : "payload is not JSON" };
  }
}

/** A number where the whole text is a decimal one, else the text; white space around it is cut. */
function decodeText(text: string): number | string {
  const trimmed = text.trim();
  const looksDecimal = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$/.test(trimmed);
  return looksDecimal ? Number(trimmed) : trimmed;
}
