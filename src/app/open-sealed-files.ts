/** The small files of a data folder that hold what devices sent or are called. */
import { nodeDisk } from "../buffer/disk.ts";
import type { KeyRing } from "../buffer/encryption/key-ring.ts";
import { lockedError } from "../buffer/encryption/locked-error.ts";
import { keyIdOfPath, sealedDisk } from "../buffer/encryption/sealed-disk.ts";
import { pathIn } from "../config/path-in.ts";
import type { Disk } from "../core/disk.ts";
import type { Logger } from "../core/logger.ts";
import { systemCode } from "../core/system-reason.ts";
import { readWhole, replaceWhole } from "../core/whole-file.ts";
import { writeAll } from "../core/write-all.ts";

/** Those that are encrypted where the buffer is. */
export const sealedFileNames = [
  "book.json",
  "descriptions.ndjson",
  "edge-rule-files.json",
  "edge-rules.json",
  "last-messages",
  "ledger.json",
  "memory.json",
  "registry.ndjson",
  "sparkplug.ndjson",
] as const;

/** Throws `buffer.key`, and changes nothing, where one takes a key that nobody named. */
export async function refuseLockedFiles(folder: string, keys: KeyRing): Promise<void> {
  for (const { keyId, path } of await filesOf(folder))
    if (keyId !== undefined && !keys.has(keyId)) throw lockedError(path, keyId);
}

/**
 * The disk that they are read and written with. Files of before are written again as they are from now
 * on: encrypted with the current key, or not. To be called once nobody else may have the folder.
 */
export async function openSealedFiles(
  folder: string,
  keys: KeyRing,
  logger: Logger,
): Promise<Disk> {
  const disk = sealedDisk(nodeDisk, keys);
  for (const { keyId = 0, name, path } of await filesOf(folder)) {
    if (keyId === keys.currentId) continue;
    try {
      const content = await readWhole(disk, path);
      const write = replaceWhole(disk, folder, name, (file) => writeAll(file, [content], 0));
      await (await write).close();
    } catch (thrown) {
      logger.warn("cannot write a file again with the key of the buffer", { path, thrown });
    }
  }
  return disk;
}

interface FoundFile {
  readonly name: string;
  readonly path: string;
  /** Undefined where it is not encrypted. */
  readonly keyId: number | undefined;
}

async function filesOf(folder: string): Promise<readonly FoundFile[]> {
  const found: FoundFile[] = [];
  for (const name of sealedFileNames) {
    const path = pathIn(folder, name);
    try {
      found.push({ name, path, keyId: await keyIdOfPath(nodeDisk, path) });
    } catch (thrown) {
      // What is not there is none, and what cannot be read is for its reader to tell.
      if (systemCode(thrown) === undefined) throw thrown;
    }
  }
  return found;
}
