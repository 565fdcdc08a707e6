/** How QoS 2 messages and their senders are named in the fewest bytes. */
import { createHash } from "node:crypto";

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
