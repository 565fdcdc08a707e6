/** Finds out what a segment file is, from its first and its last bytes. Changes nothing. */
import type { DiskFile } from "../../core/disk.ts";
import { type Seq, toSeq } from "../../core/ids.ts";
import type { KeyRing } from "../encryption/key-ring.ts";
import { areZeros, isZero } from "../files/is-zero.ts";
import { readHeaderCopy } from "../files/read-header.ts";
import { piecesOf, readPart } from "../files/read-part.ts";
import { parseLosses, parseTrailer, type Trailer, trailerBytes } from "../format/segment-footer.ts";
import {
  framesFrom,
  type HeaderFinding,
  headerCopy,
  parseSegmentHeader,
  segmentHeaderBytes,
  uuidOf,
} from "../format/segment-header.ts";
import { findUuid } from "./find-uuid.ts";
import { identifyByFrames, type SegmentIdentity, withoutHeader } from "./segment-identity.ts";

/** 1 GiB of frames is the most that the configuration allows; a last batch and a footer beside. */
const largestFileBytes = 1.25 * 2 ** 30;
/** A file up to this size is read at once. */
const shortFileBytes = 16 * 1024;
const longestNothingBytes = 64 * 2 ** 20;
const damaged: HeaderFinding = { kind: "damaged" };

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
  keys: KeyRing,
): Promise<SegmentFinding> {
  const beginning = fileBytes <= shortFileBytes ? fileBytes : segmentHeaderBytes;
  const first = await readPart(file, 0, beginning);
  const headerBytes = first.subarray(0, segmentHeaderBytes);
  const atBegin = parseSegmentHeader(headerBytes);
  if (atBegin.kind === "newer") return atBegin;
  const finding =
    atBegin.kind === "header" ? atBegin : await findCopy(file, fileBytes, firstSeq, gatewayHash);
  const keyId = finding.kind === "header" ? finding.header.keyId : 0;
  if (fileBytes <= framesFrom(keyId)) {
    const isOurs = finding.kind === "header" && finding.header.gatewayHash === gatewayHash;
    const isNamed = isOurs && finding.header.firstSeq === firstSeq;
    return { kind: "empty", supersedesSeq: isNamed ? finding.header.supersedesSeq : toSeq(0) };
  }
  const trailer = await readTrailer(fileBytes, async (at, bytes) =>
    fileBytes <= beginning ? first.subarray(at, at + bytes) : readPart(file, at, bytes),
  );
  if (finding.kind === "header") {
    const { header } = finding;
    if (header.gatewayHash !== gatewayHash) return { kind: "foreign" };
    if (header.firstSeq !== firstSeq) return { kind: "misnamed" };
    const identity = { ...header, seal: keys.sealOf(keyId, header.uuid) };
    return trailer && Buffer.compare(trailer.uuid, identity.uuid) === 0
      ? { kind: "sealed", identity, trailer }
      : { kind: "open", identity };
  }
  const known = { file, fileBytes, firstSeq, keys };
  if (trailer) {
    const seal = (await identifyByFrames(known, trailer.uuid))?.seal;
    const identity = withoutHeader(trailer.uuid, seal, trailer.run, firstSeq);
    return { kind: "sealed", identity, trailer };
  }
  const byHeader = await identifyByFrames(known, uuidOf(headerBytes));
  if (byHeader) return { kind: "open", identity: byHeader };
  const uuid = await findUuid(file, fileBytes);
  const byRecords = uuid && (await identifyByFrames(known, uuid));
  if (byRecords) return { kind: "open", identity: byRecords };
  if (await isZero(file, 0, fileBytes)) return { kind: "empty", supersedesSeq: toSeq(0) };
  return { kind: "unreadable" };
}

/** The copy of a header that is damaged, where it is that of the file in hand. */
async function findCopy(
  file: DiskFile,
  fileBytes: number,
  firstSeq: Seq,
  gatewayHash: string,
): Promise<HeaderFinding> {
  const copy = fileBytes > headerCopy.at ? await readHeaderCopy(file) : damaged;
  const isOwn =
    copy.kind === "header" &&
    copy.header.firstSeq === firstSeq &&
    copy.header.gatewayHash === gatewayHash;
  return isOwn ? copy : damaged;
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
