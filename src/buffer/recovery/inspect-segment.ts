/** Finds out what a segment file is, from its first and its last bytes. Changes nothing. */
import type { DiskFile } from "../../core/disk.ts";
import { parseEventId, type RunId, type Seq, toSeq } from "../../core/ids.ts";
import { areZeros, isZero } from "../files/is-zero.ts";
import { piecesOf, readPart } from "../files/read-part.ts";
import { firstRecordIn } from "../files/record-walk.ts";
import { bodyAt } from "../format/payload.ts";
import { parseLosses, parseTrailer, type Trailer, trailerBytes } from "../format/segment-footer.ts";
import { parseSegmentHeader, segmentHeaderBytes, uuidOf } from "../format/segment-header.ts";
import { findUuid } from "./find-uuid.ts";

/** 1 GiB of frames is the most that the configuration allows; a last batch and a footer beside. */
const largestFileBytes = 1.25 * 2 ** 30;
/** A file up to this size is read at once. */
const shortFileBytes = 16 * 1024;
const longestNothingBytes = 64 * 2 ** 20;
/** More than a segment with a damaged beginning has in front of its first whole record. */
const mostBytesBeforeFirst = 64 * 2 ** 20;

/** What recovery needs to know of a segment's header. */
export interface SegmentIdentity {
  readonly uuid: Uint8Array;
  readonly run: RunId;
  readonly firstSeq: Seq;
  readonly previousSeq: Seq;
  readonly supersedesSeq: Seq;
  /** Of the machine when it was begun; empty where that is not known. */
  readonly bootId: string;
  /** Some of its classes were given up. */
  readonly sparse: boolean;
}

/**
 * - `sealed`: complete, with a footer that fits.
 * - `open`: begun and never closed, or the footer is damaged: its records must be read.
 * - `empty`: begun and never written to; it may have space.
 * - `foreign`: of another gateway, or a folder.
 * - `misnamed`: whole as far as its header goes, but under the name of another: renamed, or copied.
 * - `newer`: written by a later version of the program.
 * - `unreadable`: nothing in it can be trusted.
 */
export type SegmentFinding =
  | { readonly kind: "sealed"; readonly identity: SegmentIdentity; readonly trailer: Trailer }
  | { readonly kind: "open"; readonly identity: SegmentIdentity }
  /** `supersedesSeq` is 0 where it has no header either. */
  | { readonly kind: "empty"; readonly supersedesSeq: Seq }
  | { readonly kind: "foreign" | "misnamed" | "unreadable" }
  | { readonly kind: "newer"; readonly version: number };

/** Looks at a segment of this gateway whose name says that it begins with `firstSeq`. */
export async function inspectSegment(
  file: DiskFile,
  fileBytes: number,
  firstSeq: Seq,
  gatewayHash: string,
): Promise<SegmentFinding> {
  const beginning = fileBytes <= shortFileBytes ? fileBytes : segmentHeaderBytes;
  const first = await readPart(file, 0, beginning);
  const headerBytes = first.subarray(0, segmentHeaderBytes);
  const finding = parseSegmentHeader(headerBytes);
  if (finding.kind === "newer") return finding;
  if (fileBytes <= segmentHeaderBytes) {
    const isOurs = finding.kind === "header" && finding.header.gatewayHash === gatewayHash;
    const isNamed = isOurs && finding.header.firstSeq === firstSeq;
    return { kind: "empty", supersedesSeq: isNamed ? finding.header.supersedesSeq : toSeq(0) };
  }
  const trailer = await readTrailer(fileBytes, async (at, bytes) =>
    fileBytes <= beginning ? first.subarray(at, at + bytes) : readPart(file, at, bytes),
  );
  if (finding.kind === "header") {
    const identity = finding.header;
    if (identity.gatewayHash !== gatewayHash) return { kind: "foreign" };
    if (identity.firstSeq !== firstSeq) return { kind: "misnamed" };
    return trailer && Buffer.compare(trailer.uuid, identity.uuid) === 0
      ? { kind: "sealed", identity, trailer }
      : { kind: "open", identity };
  }
  if (trailer) {
    const identity = withoutHeader(trailer.uuid, trailer.run, firstSeq);
    return { kind: "sealed", identity, trailer };
  }
  const byHeader = await identifyByFrames(file, fileBytes, firstSeq, uuidOf(headerBytes));
  if (byHeader) return byHeader;
  const uuid = await findUuid(file, fileBytes);
  const byRecords = uuid && (await identifyByFrames(file, fileBytes, firstSeq, uuid));
  if (byRecords) return byRecords;
  if (await isZero(file, 0, fileBytes)) return { kind: "empty", supersedesSeq: toSeq(0) };
  return { kind: "unreadable" };
}

/** With the losses that its gap events declare; those are left out where they are damaged. */
async function readTrailer(
  fileBytes: number,
  read: (at: number, bytes: number) => Promise<Buffer>,
): Promise<Trailer | undefined> {
  const at = fileBytes - trailerBytes;
  if (at < segmentHeaderBytes) return undefined;
  const trailer = parseTrailer(await read(at, trailerBytes), fileBytes);
  if (!trailer) return undefined;
  const { losses } = trailer;
  const ranges = parseLosses(losses, await read(losses.at, losses.bytes));
  if (!ranges) return undefined;
  trailer.tally.setGaps(ranges);
  return trailer;
}

/** Where frames fit the UUID, they are the segment's, and the first event names the run. */
async function identifyByFrames(
  file: DiskFile,
  fileBytes: number,
  firstSeq: Seq,
  uuid: Uint8Array,
): Promise<SegmentFinding | undefined> {
  const first = await firstRecordIn(file, uuid, Math.min(fileBytes, mostBytesBeforeFirst));
  const text = first ? bodyAt(first.buffer, first.at).toString() : "";
  const run = parseEventId(/"id":"([^"]+)"/.exec(text)?.[1] ?? "")?.run;
  if (run === undefined) return undefined;
  return { kind: "open", identity: withoutHeader(uuid, run, firstSeq) };
}

function withoutHeader(uuid: Uint8Array, run: RunId, firstSeq: Seq): SegmentIdentity {
  return {
    uuid,
    run,
    firstSeq,
    previousSeq: toSeq(firstSeq - 1),
    supersedesSeq: toSeq(0),
    bootId: "",
    sparse: false,
  };
}

/**
 * The size of a file, as far as it is worth reading. A damaged inode names any size: of a file that
 * is larger than a segment can grow, what lies behind a long stretch of zeros is nobody's.
 */
export async function segmentBytesIn(file: DiskFile): Promise<number> {
  const fileBytes = await file.sizeBytes();
  if (fileBytes <= largestFileBytes) return fileBytes;
  let end = 0;
  for await (const { at, bytes } of piecesOf(file, 0, largestFileBytes)) {
    if (!areZeros(bytes)) end = at + bytes.length;
    else if (at - end >= longestNothingBytes) break;
  }
  return end;
}
