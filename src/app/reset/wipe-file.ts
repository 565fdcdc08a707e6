import { randomFill } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { promisify } from "node:util";
import { systemCode } from "../../core/system-reason.ts";
import { withoutReserve } from "./file-system-reserve.ts";
import { demandSame, type HeldFolder, type Identity } from "./held-folder.ts";

const pieceBytes = 2 ** 20;
const blockBytes = 4096;
/** Of others on the volume, who give room back meanwhile, there is no end. */
const mostRounds = 8;
const fill = promisify<Buffer, Buffer>(randomFill);

/**
 * Takes something that is no folder away for good, as far as the file system lets: what a file holds is
 * written over with random bytes, and they are on the medium before the file goes. Where `meant` is
 * given, nothing else is touched. A file with another name elsewhere is somebody else's, too: it loses
 * this name only, and that is thrown.
 */
export async function wipeFile(folder: HeldFolder, name: string, meant?: Identity): Promise<void> {
  const facts = await folder.look(name);
  if (meant) demandSame(facts, meant);
  if (!facts.isFile()) return folder.unlink(name);
  const file = await folder.file(name);
  try {
    const { ino, dev, nlink, size } = await file.stat();
    demandSame({ ino, dev }, facts);
    if (nlink === 1) await overwrite(file, size);
    await folder.unlink(name);
    if (nlink > 1) throw new Error("it has another name elsewhere, and was not written over");
  } finally {
    await file.close();
  }
}

/**
 * Writes over the free space of the volume of a folder, in a file that is then deleted: there stand
 * the earlier contents of files that were replaced or deleted.
 */
export async function wipeFreeSpace(folder: HeldFolder): Promise<void> {
  const name = "free-space";
  const file = await folder.create(name);
  try {
    await withoutReserve(folder.identity.dev, async () => {
      // What was freed just now, or held for what was not on the medium yet, can be taken only then.
      for (let round = 0; round < mostRounds; round += 1) {
        await file.sync();
        if ((await fillVolume(file)) === 0 && round > 0) break;
      }
    });
    await file.sync();
  } finally {
    await file.close();
    await folder.unlink(name);
  }
}

/** To the last byte: in pieces, and what is left by single blocks. Gives how many bytes that were. */
async function fillVolume(file: FileHandle): Promise<number> {
  let written = 0;
  for (const bytes of [pieceBytes, blockBytes]) {
    const piece = await fill(Buffer.alloc(bytes));
    try {
      for (;;) written += (await file.write(piece)).bytesWritten;
    } catch (failure) {
      if (systemCode(failure) !== "ENOSPC") throw failure;
    }
  }
  return written;
}

async function overwrite(file: FileHandle, bytes: number): Promise<void> {
  const piece = Buffer.alloc(Math.min(bytes, pieceBytes));
  for (let at = 0; at < bytes; at += piece.length) {
    await fill(piece);
    await file.write(piece, 0, Math.min(piece.length, bytes - at), at);
  }
  await file.sync();
}
