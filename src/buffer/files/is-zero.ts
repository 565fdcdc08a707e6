/** Whether a file holds nothing but zeros: space that was set aside, and never used. */
import type { DiskFile } from "../../core/disk.ts";

const pieceBytes = 256 * 1024;
const zeros = Buffer.alloc(pieceBytes);

/** Looks from `from` to `to`. Rejects where the medium does not give them: that proves nothing. */
export async function isZero(file: DiskFile, from: number, to: number): Promise<boolean> {
  const piece = Buffer.alloc(Math.min(pieceBytes, Math.max(0, to - from)));
  for (let at = from; at < to; at += piece.length) {
    const part = piece.subarray(0, Math.min(piece.length, to - at));
    await file.read(part, at);
    if (!areZeros(part)) return false;
  }
  return true;
}

/** At most 256 KiB. */
export function areZeros(bytes: Buffer): boolean {
  return bytes.equals(zeros.subarray(0, bytes.length));
}
