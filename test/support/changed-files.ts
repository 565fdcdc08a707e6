import type { Disk, DiskFile } from "../../src/core/disk.ts";

/** The disk, with every file it gives changed. */
export function changedFiles(disk: Disk, change: (file: DiskFile) => DiskFile): Disk {
  return {
    list: (folder) => disk.list(folder),
    makeFolder: (folder) => disk.makeFolder(folder),
    create: async (path) => change(await disk.create(path)),
    open: async (path, mode) => change(await disk.open(path, mode)),
    rename: (from, to) => disk.rename(from, to),
    unlink: (path) => disk.unlink(path),
    syncFolder: (folder) => disk.syncFolder(folder),
    freeBytes: (folder) => disk.freeBytes(folder),
  };
}
