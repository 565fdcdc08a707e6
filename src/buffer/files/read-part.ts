/** Reads parts of a file of which the medium may not give everything. */
import type { DiskFile } from "../../core/disk.ts";
import { isUnreadable } from "./disk-errors.ts";

const pageBytes = 4096;
const pieceBytes = 256 * 1024;

/** Reads as far as there is something; pages that cannot be read come back as zeros. */
export async function readDespiteErrors(
  file: DiskFile,
  target: Uint8Array,
  position: number,
): Promise<number> {
  try {
    return await file.read(target, position);
  } catch (failure) {
    if (!isUnreadable(failure)) throw failure;
    let done = 0;
    while (done < target.length) {
      const toNextPage = pageBytes - ((position + done) % pageBytes);
      const page = target.subarray(done, done + toNextPage);
      try {
        const read = await file.read(page, position + done);
        if (read === 0) return done;
        done += read;
      } catch (pageFailure) {
        if (!isUnreadable(pageFailure)) throw pageFailure;
        page.fill(0);
        done += page.length;
      }
    }
    return done;
  }
}

/** The bytes that are there, at most `bytes`. */
export async function readPart(file: DiskFile, at: number, bytes: number): Promise<Buffer> {
  const part = Buffer.alloc(bytes);
  return part.subarray(0, await readDespiteErrors(file, part, at));
}

/** A part of a file; `bytes` are a view that lasts until the next is asked for. */
export interface Piece {
  readonly at: number;
  readonly bytes: Buffer;
}

/** What stands from `from` to `to`, in pieces of bounded size; ends early where the file ends. */
export async function* piecesOf(
  file: DiskFile,
  from: number,
  to: number,
): AsyncGenerator<Piece, void, void> {
  const piece = Buffer.alloc(Math.min(pieceBytes, Math.max(0, to - from)));
  for (let at = from; at < to; ) {
    const target = piece.subarray(0, Math.min(piece.length, to - at));
    const read = await readDespiteErrors(file, target, at);
    if (read === 0) return;
    yield { at, bytes: target.subarray(0, read) };
    at += read;
  }
}
