import { fnv1a64 } from "./fnv1a.ts";

/**
 * The system takes about 107 bytes for the path of a socket, and Node cuts longer ones without a
 * word, so that two processes could meet at one.
 */
export const longestSocketBytes = 100;

/**
 * Where a socket goes that cannot be where it should: into the temporary folder, under a name made
 * of the path that it stands for. Everybody who knows the path finds it there.
 */
export function shelterFor(path: string, temporaryFolder: string, ending: string): string {
  return `${temporaryFolder}/sluicegate-${fnv1a64(path)}.${ending}`;
}
