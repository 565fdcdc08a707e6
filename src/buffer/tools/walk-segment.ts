/**
 * Reads a segment record by record and names what is damaged in it, in order of place. Nothing is
 * kept: whoever asks gets one chunk at a time.
 */

import type { DiskFile } from "../../core/disk.ts";
import { isZero } from "../files/is-zero.ts";
import { readPart } from "../files/read-part.ts";
import { type RecordsToWalk, RecordWalk } from "../files/record-walk.ts";
import {
  frameAlignment,
  frameBytesAt,
  frameHeaderBytes,
  isHeaderValid,
  isPayloadValid,
  seqAt,
} from "../format/frame.ts";
import type { SeqRange } from "../format/gap-ranges.ts";
import { frameSeedOf } from "../format/segment-header.ts";
import { type FoundFile, supersededFrom } from "../recovery/find-files.ts";

/** A whole record: its frame is at `at` of `buffer`, until the next chunk is asked for. */
export interface WholeRecord {
  readonly kind: "record";
  readonly buffer: Buffer;
  readonly at: number;
  readonly seq: number;
}

/**
 * Bytes that are not what was written, or records that are not there.
 *
 * - `forged`: one record whose bytes are whole, and that nobody closed with the key.
 * - `payload`, `record-header`: one record; where several seqs are missing behind a header that
 *   cannot be read, all of them.
 * - `missing`: records that no bytes stand for.
 * - `tail`: bytes behind the last whole record of a segment without a footer: a write that a crash
 *   cut short, or damage; nobody can tell.
 */
export interface BadBytes {
  readonly kind: "forged" | "payload" | "record-header" | "missing" | "tail";
  readonly offset: number;
  readonly bytes: number;
  /** Records that are lost with it; undefined where no seq can be named. */
  readonly lost: SeqRange | undefined;
}

export type Find = WholeRecord | BadBytes;

export interface SegmentToWalk extends RecordsToWalk {
  /** Where its frames end: as the footer says, or the end of the file. */
  readonly end: number;
  /** Its last seq as the footer says; undefined without one. */
  readonly lastSeq: number | undefined;
  readonly belowSeq: number;
  /** The seq before it in the log. */
  readonly previousSeq: number;
  /** Classes were given up in it: seqs that no bytes stand for are as they should be. */
  readonly sparse: boolean;
}

/** What is to be read of a found file; undefined when that makes no sense as a segment. */
export function segmentToWalk(
  files: readonly FoundFile[],
  index: number,
): SegmentToWalk | undefined {
  const file = files[index];
  if (file?.finding.kind !== "sealed" && file?.finding.kind !== "open") return undefined;
  const { finding } = file;
  const { firstSeq, previousSeq, seal, sparse, uuid } = finding.identity;
  const trailer = finding.kind === "sealed" ? finding.trailer : undefined;
  return {
    uuid,
    seal,
    firstSeq,
    previousSeq,
    sparse,
    end: trailer?.framesEnd ?? file.fileBytes,
    lastSeq: trailer?.tally.lastSeq,
    belowSeq: supersededFrom(files, index),
  };
}

/** Above this many bytes a damaged stretch is not taken apart any more. */
const mostExaminedBytes = 2 ** 20;

/** Gives what a segment holds, chunk by chunk. */
export async function* walkSegment(
  file: DiskFile,
  segment: SegmentToWalk,
): AsyncGenerator<readonly Find[], void, void> {
  const seed = frameSeedOf(segment.uuid);
  const walk = new RecordWalk(file, segment);
  while (await walk.load(segment.end)) {
    const finds: Find[] = [];
    let before = walk.lastSeq;
    for (let at = walk.next(); at >= 0; at = walk.next()) {
      const { buffer, lastSeq: seq } = walk;
      const offset = walk.end - frameBytesAt(buffer, at);
      const named = await nameBadBytes(file, seed, walk.takeBad(), before, seq, offset);
      finds.push(...withoutGivenUp(segment, named));
      finds.push({ kind: "record", buffer, at, seq });
      before = seq;
    }
    yield finds;
  }
  yield withoutGivenUp(segment, await nameEnd(file, seed, segment, walk));
}

function withoutGivenUp(
  { sparse }: SegmentToWalk,
  named: readonly BadBytes[],
): readonly BadBytes[] {
  return sparse ? named.filter(({ kind }) => kind !== "missing") : named;
}

/** What lies behind the last whole record. */
async function nameEnd(
  file: DiskFile,
  seed: number,
  segment: SegmentToWalk,
  walk: RecordWalk,
): Promise<readonly BadBytes[]> {
  const { belowSeq, end } = segment;
  const { lastSeq } = walk;
  const bad = [...walk.takeBad()];
  if (walk.badFrom !== undefined) bad.push({ from: walk.badFrom, to: end });
  const badFrom = bad[0]?.from;
  if (segment.lastSeq !== undefined) {
    return nameBadBytes(file, seed, bad, lastSeq, Math.min(segment.lastSeq + 1, belowSeq), end);
  }
  if (badFrom === undefined || (await isZero(file, badFrom, end).catch(() => false))) return [];
  return [{ kind: "tail", offset: badFrom, bytes: end - badFrom, lost: undefined }];
}

/** Names the bad stretches between the records `before` and `behind`; `offset` is where `behind` is. */
async function nameBadBytes(
  file: DiskFile,
  seed: number,
  stretches: readonly SeqRange[],
  before: number,
  behind: number,
  offset: number,
): Promise<readonly BadBytes[]> {
  const pieces: Piece[] = [];
  for (const { from, to } of stretches) pieces.push(...(await takeApart(file, seed, from, to)));
  const named: BadBytes[] = [];
  let nextSeq = before + 1;
  for (const [index, { kind = "payload", seq, ...place }] of pieces.entries()) {
    if (seq !== undefined && seq >= nextSeq && seq < behind) {
      if (seq > nextSeq) named.push(missing(place.offset, nextSeq, seq));
      named.push({ kind, ...place, lost: { from: seq, to: seq } });
      nextSeq = seq + 1;
    } else {
      const until = pieces[index + 1]?.seq ?? behind;
      const lost = nextSeq < until ? { from: nextSeq, to: until - 1 } : undefined;
      named.push({ kind: "record-header", ...place, lost });
      nextSeq = Math.max(nextSeq, until);
    }
  }
  if (nextSeq < behind) named.push(missing(offset, nextSeq, behind));
  return named;
}

function missing(offset: number, from: number, behind: number): BadBytes {
  return { kind: "missing", offset, bytes: 0, lost: { from, to: behind - 1 } };
}

/** A record whose header is whole, or bytes between two of them. */
interface Piece {
  readonly offset: number;
  readonly bytes: number;
  readonly seq: number | undefined;
  /** Of a record whose payload is what was written, too. */
  readonly kind?: "forged";
}

/** Takes a damaged stretch apart at the headers in it that are whole. */
async function takeApart(
  file: DiskFile,
  seed: number,
  from: number,
  to: number,
): Promise<readonly Piece[]> {
  const bytes = await readPart(file, from, Math.min(to - from, mostExaminedBytes));
  const pieces: Piece[] = [];
  let unreadableFrom: number | undefined;
  const endUnreadable = (at: number): void => {
    if (unreadableFrom !== undefined)
      pieces.push({ offset: from + unreadableFrom, bytes: at - unreadableFrom, seq: undefined });
    unreadableFrom = undefined;
  };
  for (let at = 0; at + frameHeaderBytes <= bytes.length; ) {
    if (isHeaderValid(bytes, at, seed)) {
      endUnreadable(at);
      const size = Math.min(frameBytesAt(bytes, at), to - from - at);
      const isWhole = at + size <= bytes.length && isPayloadValid(bytes, at);
      pieces.push({
        offset: from + at,
        bytes: size,
        seq: seqAt(bytes, at),
        ...(isWhole && { kind: "forged" }),
      });
      at += size;
      if (at + frameHeaderBytes > bytes.length && from + at < to) unreadableFrom = at;
    } else {
      unreadableFrom ??= at;
      at += frameAlignment;
    }
  }
  if (pieces.length === 0) unreadableFrom ??= 0;
  endUnreadable(to - from);
  return pieces;
}
