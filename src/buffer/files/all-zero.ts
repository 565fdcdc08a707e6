/** Whether a file holds nothing but zeros: space that was set aside, and never used. */
import type { DiskFile } from "../../core/disk.ts";

const pieceBytes = 256 * 1024;

/** Looks at the first `bytes`. Rejects where the medium does not give them: that proves nothing. */
export async function isAllZero(file: DiskFile, bytes: number): Promise<boolean> {
  const piece = Buffer.alloc(Math.min(pieceBytes, bytes));
  for (let at = 0; at < bytes; at += piece.length) {
    const part = piece.subarray(0, Math.min(piece.length, bytes - at));
    await file.read(part, at);
    if (part.some((byte) => byte !== 0)) return false;
  }
  return true;
}
