import { randomFill } from "node:crypto";
import { constants, type FileHandle, open, rmdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { systemCode } from "../../core/system-reason.ts";
import type { FoundPath } from "./plan-reset.ts";

const pieceBytes = 2 ** 20;
const blockBytes = 4096;
const fill = promisify<Buffer, Buffer>(randomFill);

/**
 * Takes something away for good, as far as the file system lets: what a file holds is written over with
 * random bytes, and they are on the medium before the file goes.
 */
export async function wipe({ bytes, kind, path }: FoundPath): Promise<void> {
  if (kind === "folder") return rmdir(path);
  if (kind === "file") await overwrite(path, bytes);
  await unlink(path);
}

/**
 * Writes over the free space of the volume of a folder, in a file that is then deleted: there stand
 * the earlier contents of files that were replaced or deleted.
 */
export async function wipeFreeSpace(folder: string): Promise<void> {
  const path = join(folder, "free-space");
  const file = await open(path, "wx", 0o600);
  try {
    await fillVolume(file);
    await file.sync();
  } finally {
    await file.close();
    await unlink(path);
  }
}

/** To the last byte: in pieces, and what is left by single blocks. */
async function fillVolume(file: FileHandle): Promise<void> {
  for (const bytes of [pieceBytes, blockBytes]) {
    const piece = await fill(Buffer.alloc(bytes));
    try {
      for (;;) await file.write(piece);
    } catch (failure) {
      if (systemCode(failure) !== "ENOSPC") throw failure;
    }
  }
}

/** A link that was put in the place of the file since it was seen leads root to somebody else's. */
async function overwrite(path: string, bytes: number): Promise<void> {
  const file = await open(path, constants.O_RDWR | constants.O_NOFOLLOW);
  try {
    const piece = Buffer.alloc(Math.min(bytes, pieceBytes));
    for (let at = 0; at < bytes; at += piece.length) {
      await fill(piece);
      await file.write(piece, 0, Math.min(piece.length, bytes - at), at);
    }
    await file.sync();
  } finally {
    await file.close();
  }
}
