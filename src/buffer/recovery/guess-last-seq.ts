/** How far the seqs of a segment may have gone in which nothing makes sense. */
import type { DiskFile } from "../../core/disk.ts";
import { readPart } from "../files/read-part.ts";
import {
  frameAlignment,
  frameBytes,
  frameHeaderBytes,
  payloadBytesAt,
  seqAt,
  shortestFrameBytes,
} from "../format/frame.ts";
import { segmentHeaderBytes } from "../format/segment-header.ts";

const windowBytes = 2 ** 20;

/**
 * The last seq in a segment none of whose checksums can be trusted: the highest that stands in what
 * looks like a header in front of the next one; 0 where nothing does. A guess, for a file that was
 * overwritten in part.
 */
export async function guessLastSeq(
  file: DiskFile,
  fileBytes: number,
  firstSeq: number,
): Promise<number> {
  const mostRecords = fileBytes / frameHeaderBytes;
  const last = fileBytes - frameHeaderBytes;
  let lastSeq = 0;
  for (let base = segmentHeaderBytes; base <= last; base += windowBytes) {
    const window = await readPart(
      file,
      base,
      Math.min(windowBytes + frameHeaderBytes, fileBytes - base),
    );
    for (
      let at = 0;
      at < windowBytes && at + frameHeaderBytes <= window.length;
      at += frameAlignment
    ) {
      const seq = seqAt(window, at);
      if (seq < Math.max(firstSeq, lastSeq) || seq > firstSeq + mostRecords) continue;
      const payloadBytes = payloadBytesAt(window, at);
      const next = base + at + frameBytes(payloadBytes);
      if (payloadBytes > fileBytes || next > last) continue;
      const isInWindow = next - base + frameHeaderBytes <= window.length;
      const header = isInWindow
        ? window.subarray(next - base)
        : await readPart(file, next, frameHeaderBytes);
      if (seqAt(header, 0) === seq + 1) lastSeq = seq + 1;
    }
  }
  return lastSeq;
}

/** As many records as a file of this size has room for. */
export function mostRecordsIn(fileBytes: number): number {
  return Math.max(0, Math.floor((fileBytes - segmentHeaderBytes) / shortestFrameBytes));
}
