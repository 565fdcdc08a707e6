/**
 * One record on disk: a header of 32 bytes, the payload, a tag of 16 bytes where the payload is
 * encrypted, zeros up to the next multiple of 8.
 *
 * ```
 *  0 u32 payload bytes    8 u64 seq                    24 u32 CRC of bytes 0..23, seeded by the segment
 *  4 u16 type            16 u64 appended, wall ms      28 u32 CRC of the payload, seeded by the header's
 *  6 u16 flags, bits 0-1 the class, bit 2: encrypted
 * ```
 *
 * All little-endian. The seed of a segment is the CRC of its UUID, so bytes that belong to another
 * segment, or to another seq, never pass. The header has a checksum of its own: a damaged payload
 * costs one record, a damaged header only as much as lies before the next valid one. Checksums are of
 * what is on disk, so they tell damage without a key; the tag is part of what the payload's covers.
 *
 * Everything here is pure: tools that only look at files are built on it.
 */
import type { RecordClass } from "../../core/event-kind.ts";
import { checksum } from "./checksum.ts";
import { readU64, setU64 } from "./u64.ts";

/** Bytes in front of each payload. */
export const frameHeaderBytes = 32;
/** Every frame begins at a multiple of this; a search for the next valid one steps by it. */
export const frameAlignment = 8;
/** The shortest payload there is: two lengths and a token of one character. */
const shortestPayloadBytes = 5;
/** Bytes behind an encrypted payload, by which it is known to be genuine. */
export const tagBytes = 16;
const sealedFlag = 4;

/** The classes by rank: the lowest is given up first. */
export const recordClasses = [
  "rejection",
  "telemetry",
  "state",
  "alarm",
] as const satisfies RecordClass[];

const ranks: Readonly<Record<RecordClass, number>> = {
  rejection: 0,
  telemetry: 1,
  state: 2,
  alarm: 3,
};

export function rankOf(recordClass: RecordClass): number {
  return ranks[recordClass];
}

/** The class with this number on disk: 0 telemetry, 1 state, 2 alarm, 3 rejection. Final. */
export function rankOfCode(code: number): number {
  return (code + 1) & 3;
}

function codeOfRank(rank: number): number {
  return (rank + 3) & 3;
}

/** Bytes of a whole frame with a payload of this size, and its tag counted with it. */
export function frameBytes(payloadBytes: number): number {
  return (frameHeaderBytes + payloadBytes + frameAlignment - 1) & -frameAlignment;
}

/** Bytes of the whole frame whose header is at `at`. */
export function frameBytesAt(buffer: Buffer, at: number): number {
  return frameBytes(storedBytesAt(buffer, at));
}

/** Bytes of the smallest frame. */
export const shortestFrameBytes = frameBytes(shortestPayloadBytes);

/**
 * Writes the header at `at` and zeros behind the payload, without checksums. `sealed`: with room for
 * a tag.
 */
export function writeFrame(
  view: DataView,
  at: number,
  payloadBytes: number,
  type: number,
  rank: number,
  seq: number,
  appendedMs: number,
  sealed: boolean,
): void {
  view.setUint32(at, payloadBytes, true);
  view.setUint16(at + 4, type, true);
  view.setUint16(at + 6, codeOfRank(rank) | (sealed ? sealedFlag : 0), true);
  setU64(view, seq, at + 8);
  setU64(view, appendedMs, at + 16);
  const end = at + frameBytes(payloadBytes + (sealed ? tagBytes : 0));
  for (let pad = at + frameHeaderBytes + payloadBytes; pad < end; pad += 1) view.setUint8(pad, 0);
}

/**
 * Gives each frame in `buffer[from..to)` the checksums of a segment. Done just before writing, and
 * done again when the frames must go to another segment.
 */
export function sealFrames(buffer: Buffer, from: number, to: number, seed: number): void {
  for (let at = from; at < to; at += frameBytesAt(buffer, at)) {
    const headerCrc = checksum(buffer, at, at + 24, seed);
    const payloadAt = at + frameHeaderBytes;
    const payloadEnd = payloadAt + storedBytesAt(buffer, at);
    buffer.writeUInt32LE(headerCrc, at + 24);
    buffer.writeUInt32LE(checksum(buffer, payloadAt, payloadEnd, headerCrc), at + 28);
  }
}

export function payloadBytesAt(buffer: Buffer, at: number): number {
  return buffer.readUInt32LE(at);
}

/** True when the payload is encrypted, and has its tag behind it. */
export function isSealedAt(buffer: Buffer, at: number): boolean {
  return (buffer.readUInt16LE(at + 6) & sealedFlag) !== 0;
}

/** Of the payload and its tag. */
function storedBytesAt(buffer: Buffer, at: number): number {
  return payloadBytesAt(buffer, at) + (isSealedAt(buffer, at) ? tagBytes : 0);
}

export function typeAt(buffer: Buffer, at: number): number {
  return buffer.readUInt16LE(at + 4);
}

export function classAt(buffer: Buffer, at: number): RecordClass {
  return recordClasses[rankAt(buffer, at)] ?? "alarm";
}

/** The rank of the record's class. */
export function rankAt(buffer: Buffer, at: number): number {
  return rankOfCode(buffer.readUInt16LE(at + 6) & 3);
}

export function seqAt(buffer: Buffer, at: number): number {
  return readU64(buffer, at + 8);
}

export function appendedMsAt(buffer: Buffer, at: number): number {
  return readU64(buffer, at + 16);
}

/** True when the 32 bytes at `at` are a frame header of the segment with this seed. */
export function isHeaderValid(buffer: Buffer, at: number, seed: number): boolean {
  return (
    payloadBytesAt(buffer, at) >= shortestPayloadBytes &&
    checksum(buffer, at, at + 24, seed) === buffer.readUInt32LE(at + 24)
  );
}

/** True when the payload behind a valid header is what was written; all of it must be there. */
export function isPayloadValid(buffer: Buffer, at: number): boolean {
  const payloadAt = at + frameHeaderBytes;
  const payloadEnd = payloadAt + storedBytesAt(buffer, at);
  const headerCrc = buffer.readUInt32LE(at + 24);
  return checksum(buffer, payloadAt, payloadEnd, headerCrc) === buffer.readUInt32LE(at + 28);
}
