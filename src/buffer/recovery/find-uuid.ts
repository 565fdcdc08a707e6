/**
 * Finds what a segment's checksums are seeded with, where its header is damaged and there is no
 * footer: the records tell.
 *
 * A payload's checksum does not need the seed, so a whole record can be recognized without it. From
 * its header's checksum the CRC is run backwards to the value that it began with.
 */
import type { DiskFile } from "../../core/disk.ts";
import { readPart } from "../files/read-part.ts";
import { checksum, rewindChecksum } from "../format/checksum.ts";
import {
  frameAlignment,
  frameBytes,
  frameHeaderBytes,
  isPayloadValid,
  payloadBytesAt,
} from "../format/frame.ts";
import { segmentHeaderBytes } from "../format/segment-header.ts";

const uuidBytes = 16;
/** Bytes of a frame header that its checksum covers. */
const coveredBytes = 24;
const windowBytes = 2 ** 20;
/** Less than a window, so that a record at the end of one stands whole in the next. */
const stepBytes = windowBytes / 2;

/**
 * A UUID that seeds checksums as the segment's own did; nobody can tell which of the many it was.
 * Undefined when the file has no whole record of half a megabyte at most.
 */
export async function findUuid(file: DiskFile, fileBytes: number): Promise<Uint8Array | undefined> {
  for (let base = segmentHeaderBytes; base < fileBytes; base += stepBytes) {
    const bytes = await readPart(file, base, Math.min(windowBytes, fileBytes - base));
    const last = Math.min(stepBytes, bytes.length - frameHeaderBytes);
    for (let at = 0; at <= last; at += frameAlignment) {
      const payloadBytes = payloadBytesAt(bytes, at);
      if (payloadBytes === 0 || at + frameBytes(payloadBytes) > bytes.length) continue;
      if (!isPayloadValid(bytes, at)) continue;
      const headerCrc = bytes.readUInt32LE(at + coveredBytes);
      return uuidWithChecksum(rewindChecksum(bytes, at, at + coveredBytes, headerCrc));
    }
  }
  return undefined;
}

/** Twelve zeros, and the four bytes that lead to the checksum. */
function uuidWithChecksum(wanted: number): Uint8Array {
  const uuid = Buffer.alloc(uuidBytes);
  const reached = checksum(uuid, 0, uuidBytes - 4, 0);
  const needed = rewindChecksum(uuid, uuidBytes - 4, uuidBytes, wanted);
  uuid.writeUInt32LE((reached ^ needed) >>> 0, uuidBytes - 4);
  return uuid;
}
