/** The transport of SML (version 1): escape sequences around the messages, and the checksum at the end. */
import { checksumOf } from "../../core/checksums.ts";

const escapeByte = 0x1b;

/** The messages without what stands around them, or why there are none. Bytes that carry none are as they are. */
export function withoutTransport(bytes: Uint8Array): Uint8Array | string {
  if (!isEscape(bytes, 0)) return bytes;
  if (bytes[4] !== 1 || bytes[5] !== 1) return "the transport is not that of version 1";
  const inner: number[] = [];
  for (let at = 8; at < bytes.length; ) {
    if (!isEscape(bytes, at)) {
      inner.push(bytes[at] ?? 0);
      at += 1;
    } else if (isEscape(bytes, at + 4)) {
      inner.push(escapeByte, escapeByte, escapeByte, escapeByte);
      at += 8;
    } else if (bytes[at + 4] === 0x1a && at + 8 <= bytes.length) {
      if (!fits(bytes, at + 8)) return "the checksum of the transport does not fit";
      return Uint8Array.from(inner.slice(0, inner.length - (bytes[at + 5] ?? 0)));
    } else return `an escape sequence at byte ${at} is not known`;
  }
  return "the transport has no end";
}

function isEscape(bytes: Uint8Array, at: number): boolean {
  for (let next = at; next < at + 4; next += 1) if (bytes[next] !== escapeByte) return false;
  return true;
}

/** Of the standard, or with the start and end value that some makers took. */
function fits(bytes: Uint8Array, end: number): boolean {
  return hasChecksum(bytes.subarray(0, end - 2), bytes[end - 2] ?? 0, bytes[end - 1] ?? 0);
}

/** True where two bytes are a checksum of the others; X.25 has its low byte first. */
export function hasChecksum(bytes: Uint8Array, first: number, second: number): boolean {
  const x25 = checksumOf("crc16-x25", bytes);
  if (first === (x25 & 0xff) && second === x25 >> 8) return true;
  const kermit = checksumOf("crc16-kermit", bytes);
  return (
    (first === kermit >> 8 && second === (kermit & 0xff)) ||
    (first === (kermit & 0xff) && second === kermit >> 8)
  );
}
