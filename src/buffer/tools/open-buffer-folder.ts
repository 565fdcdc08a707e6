/** Finds the buffer that a command is about, and what is in it, without changing anything. */
import { basename, dirname, join, resolve } from "node:path";
import type { Disk } from "../../core/disk.ts";
import { GatewayError } from "../../core/errors.ts";
import { systemCode } from "../../core/system-reason.ts";
import { CursorFile } from "../cursor.ts";
import { type KeyRing, noKeys } from "../encryption/key-ring.ts";
import { folderError, isMissing } from "../files/disk-errors.ts";
import { readHeader } from "../files/read-header.ts";
import { readPart } from "../files/read-part.ts";
import { withFile } from "../files/with-file.ts";
import { type CursorState, cursorSlotBytes } from "../format/cursor-slot.ts";
import { firstSeqOfName } from "../format/segment-header.ts";
import { type FoundFile, findFiles } from "../recovery/find-files.ts";
import { readOnlyDisk } from "./read-only-disk.ts";

/** The buffer of a live or dead box. */
export interface BufferFolder {
  /** Refuses every change. */
  readonly disk: Disk;
  /** `gateway.data`: where the lock is. */
  readonly dataFolder: string;
  /** Where the segments are. */
  readonly logFolder: string;
  /** FNV-1a of the gateway's id; undefined when no segment says whose it is. */
  readonly gatewayHash: string | undefined;
  /** Everything that has the name of a segment, in order. */
  readonly files: readonly FoundFile[];
  /** What the backbone had at the last save; nothing when no slot of the cursor can be read. */
  readonly cursor: CursorState;
  /** What its segments may be encrypted with. */
  readonly keys: KeyRing;
  /** The cursor is the last that was saved: what was deleted before the oldest segment is in it. */
  readonly isCursorWhole: boolean;
}

/**
 * Opens the buffer in a data folder, or in the folder of the segments itself. `gatewayHash` is the
 * gateway's by its configuration; without it the newest segment says whose folder it is. What none of
 * `keys` opens is found all the same, as far as its header and its checksums go. Rejects
 * with `usage` when there is no such folder, `buffer.denied` when it or a file in it may not be read,
 * and `buffer.version` when a later version of the program wrote into it.
 */
export async function openBufferFolder(
  realDisk: Disk,
  path: string,
  gatewayHash?: string,
  keys: KeyRing = noKeys,
): Promise<BufferFolder> {
  const disk = readOnlyDisk(realDisk);
  const logFolder = await findLogFolder(disk, resolve(path));
  const names = (await listOf(disk, logFolder)).filter(
    (name) => firstSeqOfName(name) !== undefined,
  );
  for (const name of names) await checkReadable(disk, join(logFolder, name));
  const hash = gatewayHash ?? (await readGatewayHash(disk, logFolder, names));
  const cursor = new CursorFile(disk, logFolder, hash ?? "");
  await cursor.load();
  return {
    disk,
    dataFolder: dirname(logFolder),
    logFolder,
    gatewayHash: hash,
    files: await findFiles(disk, logFolder, hash ?? "", keys),
    cursor: cursor.saved,
    keys,
    isCursorWhole: cursor.isWhole,
  };
}

/** The name of a found file, as people see it. */
export function nameOf(file: FoundFile): string {
  return basename(file.path);
}

async function findLogFolder(disk: Disk, path: string): Promise<string> {
  const names = await listOf(disk, path);
  if (names.some((name) => firstSeqOfName(name) !== undefined)) return path;
  if (names.includes("log")) return join(path, "log");
  throw new GatewayError("usage", `there is no buffer in ${path}: name a gateway's data folder`);
}

async function listOf(disk: Disk, folder: string): Promise<readonly string[]> {
  try {
    return await disk.list(folder);
  } catch (failure) {
    if (isMissing(failure))
      throw new GatewayError(
        "usage",
        `there is no folder ${folder}: it is made when a gateway first runs there`,
      );
    if (systemCode(failure) === "ENOTDIR")
      throw new GatewayError("usage", `${folder} is a file: name a gateway's data folder`);
    throw folderError(failure, folder);
  }
}

/** A file that only others may read is not a damaged one. */
async function checkReadable(disk: Disk, path: string): Promise<void> {
  try {
    await withFile(disk, path, async () => {});
  } catch (failure) {
    if (systemCode(failure) === "EACCES") throw folderError(failure, path);
  }
}

/** The newest segment whose header is whole says whose the folder is. */
async function readGatewayHash(
  disk: Disk,
  logFolder: string,
  names: readonly string[],
): Promise<string | undefined> {
  for (const name of [...names].sort().reverse()) {
    const finding = await withFile(disk, join(logFolder, name), readHeader).catch(() => undefined);
    if (finding?.kind === "header") return finding.header.gatewayHash;
  }
  return undefined;
}

/** The bytes of the cursor's two slots, as far as they are there. */
export async function readCursorSlots(disk: Disk, logFolder: string): Promise<readonly Buffer[]> {
  try {
    return await withFile(disk, join(logFolder, "cursor"), async (file) => [
      await readPart(file, 0, cursorSlotBytes),
      await readPart(file, cursorSlotBytes, cursorSlotBytes),
    ]);
  } catch (failure) {
    if (isMissing(failure)) return [];
    throw failure;
  }
}
