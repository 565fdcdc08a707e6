import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * The kernel takes 107 bytes of path and Node cuts longer ones without a word, so that two gateways
 * could meet at one socket.
 */
const maxBytes = 100;

/**
 * Where the socket of this name really is: there, or for a long path in the temporary folder of
 * the system under a name made from the path. Server and client compute the same.
 */
export function toSocketPath(path: string): string {
  return Buffer.byteLength(path) <= maxBytes ? path : shelterOf(path);
}

/** Where a socket goes that cannot be where it should: the folder is on a read-only volume. */
export function shelterOf(path: string): string {
  const name = createHash("sha256").update(path).digest("hex").slice(0, 24);
  return join(tmpdir(), `sluicegate-${name}.sock`);
}
