import type { Disk } from "../../core/disk.ts";
import { bug } from "../../core/errors.ts";

/** A disk on which nothing can be changed: for commands that promise to look only. */
export function readOnlyDisk(disk: Disk): Disk {
  const refuse = async (): Promise<never> =>
    bug("a command that only looks tried to change a file");
  return {
    list: (folder) => disk.list(folder),
    open: (path, mode) => (mode === "read" ? disk.open(path, mode) : refuse()),
    freeBytes: (folder) => disk.freeBytes(folder),
    makeFolder: async () => {},
    create: refuse,
    rename: refuse,
    unlink: refuse,
    syncFolder: refuse,
  };
}
