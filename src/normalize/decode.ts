/** From bytes to a value, within the bounds that hold for every codec. */
import { isUtf8 } from "node:buffer";
import type { EpochMs } from "../core/clock.ts";
import type { Codec, Decoded } from "./codecs/codec.ts";

/** A payload larger than this is not looked into. */
export const maxDecodeBytes = 2 ** 20;

/** Never throws. What firmwares leave around a text is cut: NUL, byte order mark, blanks, line ends. */
export function decode(codec: Codec, payload: Uint8Array, receivedMs: EpochMs): Decoded {
  if (payload.byteLength > maxDecodeBytes)
    return { ok: false, reason: `payload has more than ${maxDecodeBytes} bytes` };
  if (codec.reads === "bytes") return codec.decode(payload, receivedMs);
  const to = endOfText(payload);
  const from = startOfText(payload, to);
  const text = bufferOf(payload).toString("utf8", from, to);
  if (text.includes("\ufffd") && !isUtf8(payload.subarray(from, to)))
    return { ok: false, reason: "payload is not UTF-8" };
  return codec.decode(text, receivedMs);
}

/** The text of a payload; bytes that are not UTF-8 become U+FFFD. */
export function toText(payload: Uint8Array): string {
  return bufferOf(payload).toString("utf8");
}

function bufferOf(payload: Uint8Array): Buffer {
  return Buffer.isBuffer(payload)
    ? payload
    : Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
}

function endOfText(payload: Uint8Array): number {
  let to = payload.length;
  while (isPadding(payload[to - 1])) to -= 1;
  return to;
}

function startOfText(payload: Uint8Array, to: number): number {
  let from = 0;
  while (from < to) {
    if (isPadding(payload[from])) from += 1;
    else if (startsWithMark(payload, from)) from += 3;
    else break;
  }
  return from;
}

/** Tabs are not: they may stand for empty columns. */
function isPadding(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x00;
}

function startsWithMark(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf;
}
