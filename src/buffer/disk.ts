/** The one real disk: node:fs, never blocking. */
import { constants, type PathLike } from "node:fs";
import { type FileHandle, mkdir, open, readdir, rename, statfs, unlink } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Disk, DiskFile } from "../core/disk.ts";

const ownerOnly = 0o600;

/** The disk of the machine. */
export const nodeDisk: Disk = {
  list: (folder) => readdir(folder),
  async makeFolder(folder) {
    const first = await mkdir(folder, { recursive: true, mode: 0o700 });
    if (first === undefined) return;
    const topmost = dirname(resolve(first));
    for (let made = resolve(folder); made !== topmost; made = dirname(made))
      await syncFolder(dirname(made));
  },
  async create(path) {
    return toDiskFile(await open(path, "wx+", ownerOnly));
  },
  async open(path, mode) {
    return toDiskFile(await open(path, mode === "read" ? "r" : "r+"));
  },
  rename,
  unlink,
  syncFolder,
  async freeBytes(folder) {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  },
};

async function syncFolder(folder: PathLike): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function toDiskFile(handle: FileHandle): DiskFile {
  return {
    async write(buffers, position) {
      const { bytesWritten } = await handle.writev(buffers, position);
      return bytesWritten;
    },
    async read(target, position) {
      let done = 0;
      while (done < target.length) {
        const { bytesRead } = await handle.read(
          target,
          done,
          target.length - done,
          position + done,
        );
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return done;
    },
    sync: () => handle.datasync(),
    truncate: (sizeBytes) => handle.truncate(sizeBytes),
    async sizeBytes() {
      return (await handle.stat()).size;
    },
    async isNamed() {
      return (await handle.stat()).nlink > 0;
    },
    close: () => handle.close(),
  };
}
