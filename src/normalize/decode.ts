/** From bytes to a value, within the bounds that hold for every codec. */
import { isUtf8 } from "node:buffer";
import type { Codec, Decoded } from "./codecs/codec.ts";

/** A payload larger than this is not looked into. */
export const maxDecodeBytes = 2 ** 20;

/** Never throws. */
export function decode(codec: Codec, payload: Uint8Array): Decoded {
  if (payload.byteLength > maxDecodeBytes)
    return { ok: false, reason: `payload has more than ${maxDecodeBytes} bytes` };
  if (codec.reads === "bytes") return codec.decode(payload);
  if (!isUtf8(payload)) return { ok: false, reason: "payload is not UTF-8" };
  return codec.decode(toText(payload));
}

/** The text of a payload; bytes that are not UTF-8 become U+FFFD. */
export function toText(payload: Uint8Array): string {
  return Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString("utf8");
}
