/**
 * CRC-32 (IEEE) over a part of a buffer.
 *
 * Frame headers are 24 bytes: there a table in the process is faster than the call into zlib, for
 * payloads it is the other way round. A Node without `zlib.crc32` uses the table for both.
 */
import * as zlib from "node:zlib";

const table = new Uint32Array(256);
for (let byte = 0; byte < 256; byte += 1) {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  table[byte] = value;
}

/** Below this many bytes the table wins. */
const shortBytes = 48;
const hasNative = typeof zlib.crc32 === "function";

/** The CRC of `bytes[from..to)`, going on from `seed` (another CRC, or 0). Unsigned. */
export function checksum(bytes: Uint8Array, from: number, to: number, seed: number): number {
  if (hasNative && to - from >= shortBytes) return zlib.crc32(bytes.subarray(from, to), seed);
  return checksumByTable(bytes, from, to, seed);
}

/** The same by the table alone. */
export function checksumByTable(bytes: Uint8Array, from: number, to: number, seed: number): number {
  let value = ~seed;
  for (let at = from; at < to; at += 1)
    value = (table[(value ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ (value >>> 8);
  return ~value >>> 0;
}

/** The seed from which `bytes[from..to)` lead to this checksum. Unsigned. */
export function rewindChecksum(bytes: Uint8Array, from: number, to: number, crc: number): number {
  let value = ~crc;
  for (let at = to - 1; at >= from; at -= 1) {
    // The upper byte of an entry is the upper byte of the value that it led to, and there is only one.
    const index = table.findIndex((entry) => entry >>> 24 === value >>> 24);
    value = ((value ^ (table[index] ?? 0)) << 8) | (index ^ (bytes[at] ?? 0));
  }
  return ~value >>> 0;
}
