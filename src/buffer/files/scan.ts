/** Reads a whole segment and says what is in it: for recovery, for drops, and for tools. */
import type { DiskFile } from "../../core/disk.ts";
import { eventKinds } from "../../core/event-kind.ts";
import type { MessageIdentity } from "../../core/record.ts";
import {
  appendedMsAt,
  frameAlignment,
  frameBytes,
  frameHeaderBytes,
  payloadBytesAt,
  rankAt,
  seqAt,
  shortestFrameBytes,
  typeAt,
} from "../format/frame.ts";
import { gapRangesOf, type SeqRange } from "../format/gap-ranges.ts";
import { bodyStart, identityAt, tokenAt } from "../format/payload.ts";
import { segmentHeaderBytes } from "../format/segment-header.ts";
import { Tally } from "../format/tally.ts";
import { FrameWalk, readPart } from "./frame-walk.ts";

/** More than a segment with a damaged beginning has in front of its first whole record. */
const mostBytesBeforeFirst = 64 * 2 ** 20;
const windowBytes = 2 ** 20;

export interface SegmentScan {
  /** The valid records. */
  readonly tally: Tally;
  /** Where the last valid frame ends. */
  readonly framesEnd: number;
  /** Seqs that are missing between valid records or before the first. */
  readonly holes: readonly SeqRange[];
  /** Bytes between valid frames that are none, `to` not included. */
  readonly badBytes: readonly SeqRange[];
  readonly largestFrameBytes: number;
}

export interface ScanOptions {
  /** What the segment's checksums are seeded with. */
  readonly seed: number;
  /** The first seq that belongs into the segment. */
  readonly firstSeq: number;
  /** Records at and above this seq are somebody else's. */
  readonly belowSeq?: number;
  /** True for records that are stepped over as if they were not there. */
  readonly isLost?: (seq: number) => boolean;
  /** Where to stop reading. */
  readonly end: number;
  readonly onIdentity?: (token: string, identity: MessageIdentity, seq: number) => void;
}

export async function scanSegment(file: DiskFile, options: ScanOptions): Promise<SegmentScan> {
  const tally = new Tally();
  const holes: SeqRange[] = [];
  const badBytes: SeqRange[] = [];
  let framesEnd = segmentHeaderBytes;
  let largestFrameBytes = 0;
  const walk = new FrameWalk(file, segmentHeaderBytes, options.seed, (from, to) => {
    badBytes.push({ from, to });
  });
  while (await walk.load(options.end)) {
    for (let at = walk.next(); at >= 0; at = walk.next()) {
      const { buffer } = walk;
      const seq = seqAt(buffer, at);
      const expected = tally.lastSeq === 0 ? options.firstSeq : tally.lastSeq + 1;
      if (seq < expected || seq >= (options.belowSeq ?? Number.POSITIVE_INFINITY)) continue;
      if (options.isLost?.(seq)) continue;
      if (seq > expected) holes.push({ from: expected, to: seq - 1 });
      countFrame(tally, buffer, at, seq, options.onIdentity);
      framesEnd = walk.position;
      largestFrameBytes = Math.max(largestFrameBytes, frameBytes(payloadBytesAt(buffer, at)));
    }
  }
  return { tally, framesEnd, holes, badBytes, largestFrameBytes };
}

/** The event of the first valid record; empty when there is none in the first 64 MiB. */
export async function firstBodyIn(
  file: DiskFile,
  seed: number,
  fileBytes: number,
): Promise<string> {
  const walk = new FrameWalk(file, segmentHeaderBytes, seed);
  const end = Math.min(fileBytes, mostBytesBeforeFirst);
  while (await walk.load(end)) {
    const at = walk.next();
    if (at >= 0) return bodyAt(walk.buffer, at);
  }
  return "";
}

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

function countFrame(
  tally: Tally,
  buffer: Buffer,
  at: number,
  seq: number,
  onIdentity: ScanOptions["onIdentity"],
): void {
  const size = frameBytes(payloadBytesAt(buffer, at));
  tally.add(seq, appendedMsAt(buffer, at), rankAt(buffer, at), size);
  if (typeAt(buffer, at) === eventKinds.gap.code) tally.addGap(gapRangesOf(bodyAt(buffer, at)));
  const payloadAt = at + frameHeaderBytes;
  const identity = onIdentity && identityAt(buffer, payloadAt);
  if (identity) onIdentity?.(tokenAt(buffer, payloadAt), identity, seq);
}

function bodyAt(buffer: Buffer, at: number): string {
  const payloadAt = at + frameHeaderBytes;
  const end = payloadAt + payloadBytesAt(buffer, at);
  return buffer.toString("utf8", bodyStart(buffer, payloadAt), end);
}
