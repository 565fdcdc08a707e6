/** How QoS 2 messages and their senders are named in the fewest bytes. */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";

/** Bytes of a session's name; as text it has twice as many hexadecimal characters. */
export const sessionBytes = 16;

/**
 * Names the session of a client: the same after each connect and each restart, and another one for
 * every listener and every user.
 */
export function sessionOf(source: string, user: string | undefined, client: string): string {
  return createHash("sha256")
    .update(JSON.stringify([source, user ?? null, client]))
    .digest("hex")
    .slice(0, sessionBytes * 2);
}

/** CRC-32 of what a message says, unsigned. */
export function contentHash(topic: string, payload: Uint8Array): number {
  return crc32(payload, crc32(topic));
}
