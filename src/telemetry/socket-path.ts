import { tmpdir } from "node:os";
import { longestSocketBytes, shelterFor } from "../core/socket-shelter.ts";

/**
 * Where the socket of this name really is: there, or for a long path in the temporary folder of
 * the system. Server and client compute the same.
 */
export function toSocketPath(path: string): string {
  return Buffer.byteLength(path) <= longestSocketBytes ? path : shelterOf(path);
}

/** Where a socket goes that cannot be where it should: the folder is on a read-only volume. */
export function shelterOf(path: string): string {
  return shelterFor(path, tmpdir(), "sock");
}

/** Beside the socket at this place, the one for members of a group. */
export function groupSocketOf(place: string): string {
  const path = `${place}.view`;
  return Buffer.byteLength(path) <= longestSocketBytes ? path : shelterOf(path);
}
