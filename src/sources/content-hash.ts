import { crc32 } from "node:zlib";

/** CRC-32 of what a message says, unsigned: with its number it tells a resend from another message. */
export function contentHash(topic: string, payload: Uint8Array): number {
  return crc32(payload, crc32(topic));
}
