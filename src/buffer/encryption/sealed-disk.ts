/** A disk whose new files are encrypted with the site's key; files of before are read as they are. */
import type { Disk, DiskFile } from "../../core/disk.ts";
import type { KeyRing } from "./key-ring.ts";
import { lockedError } from "./locked-error.ts";
import { keyIdOfFile, newSealedFile, openSealedFile, sealedHeaderBytes } from "./sealed-file.ts";

/** For files that are written from their beginning to their end, and replaced as a whole. */
export function sealedDisk(disk: Disk, keys: KeyRing): Disk {
  return {
    list: (folder) => disk.list(folder),
    makeFolder: (folder) => disk.makeFolder(folder),
    async create(path) {
      const key = keys.keyOf(keys.currentId);
      const file = await disk.create(path);
      return key === undefined ? file : newSealedFile(file, key, keys.currentId, nameOf(path));
    },
    async open(path, mode) {
      const file = await disk.open(path, mode);
      try {
        return await openAs(file, path, keys);
      } catch (failure) {
        await file.close();
        throw failure;
      }
    },
    rename: (from, to) => disk.rename(from, to),
    unlink: (path) => disk.unlink(path),
    syncFolder: (folder) => disk.syncFolder(folder),
    freeBytes: (folder) => disk.freeBytes(folder),
  };
}

/** The key that a file takes; undefined where it is not encrypted. Rejects with the system's error. */
export async function keyIdOfPath(disk: Disk, path: string): Promise<number | undefined> {
  const file = await disk.open(path, "read");
  try {
    return keyIdOfFile(await headerOf(file));
  } finally {
    await file.close();
  }
}

async function openAs(file: DiskFile, path: string, keys: KeyRing): Promise<DiskFile> {
  const header = await headerOf(file);
  const keyId = keyIdOfFile(header);
  if (keyId === undefined) return file;
  const key = keys.keyOf(keyId);
  if (key === undefined) throw lockedError(path, keyId);
  return openSealedFile(file, header, key, nameOf(path));
}

async function headerOf(file: DiskFile): Promise<Buffer> {
  const header = Buffer.alloc(sealedHeaderBytes);
  return header.subarray(0, await file.read(header, 0));
}

/** What the file is called once it is complete. */
function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.new$/, "");
}
