import { randomFill } from "node:crypto";
import { open, rmdir, unlink } from "node:fs/promises";
import { promisify } from "node:util";
import type { FoundPath } from "./plan-reset.ts";

const pieceBytes = 2 ** 20;
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

async function overwrite(path: string, bytes: number): Promise<void> {
  const file = await open(path, "r+");
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
