/**
 * The first 128 bytes of a segment: whose it is and how it follows the one before.
 *
 * ```
 *   0 magic 8      16 UUID 16            40 run, 8 ASCII       64 u64 supersedes seq   88 boot id, 36 ASCII
 *   8 u16 version  32 gateway hash 8     48 u64 first seq      72 u64 created, wall   124 u32 CRC of all before
 *  10 u16 flags                          56 u64 previous seq   80 f64 created, monotonic
 *  12 u32 key id, 0: not encrypted
 * ```
 *
 * Version 3 is that of a segment whose records are encrypted, version 2 that of one whose records are
 * not. Without the UUID nobody reads encrypted records again, so version 3 has the header twice: once
 * more at 4096, on another page of the medium, and its frames begin behind that.
 *
 * Magic, version and checksum keep their places in every later version, so that an older program
 * knows what it must leave alone.
 */
import { type RunId, type Seq, toRunId, toSeq } from "../../core/ids.ts";
import { checksum } from "./checksum.ts";
import { readU64, writeU64 } from "./u64.ts";

export const segmentHeaderBytes = 128;
/** The highest version that this program reads: that of encrypted segments. */
export const segmentVersion = 3;
const plainVersion = 2;
const copyAt = 4096;

const magic = "SLGSEG\r\n";
const sparseFlag = 1;

export interface SegmentHeader {
  /** 16 random bytes; its CRC seeds every checksum of the segment. */
  readonly uuid: Uint8Array;
  /** FNV-1a of the gateway's id, 16 hex digits. */
  readonly gatewayHash: string;
  readonly run: RunId;
  readonly firstSeq: Seq;
  /** The seq before `firstSeq` in the log, 0 for the first of all. */
  readonly previousSeq: Seq;
  /** From this seq on the segment replaces what older segments hold; 0 when it replaces nothing. */
  readonly supersedesSeq: Seq;
  readonly createdWallMs: number;
  readonly createdMonotonicMs: number;
  /** Of the machine, at most 36 characters; empty where it is not known. */
  readonly bootId: string;
  /** Of the key that its records take; 0 where they are not encrypted. */
  readonly keyId: number;
  /** Records of some class were taken out; the seqs that remain are what they were. */
  readonly sparse: boolean;
}

/** A segment begins with a header of ours, with one of a later version, or with neither. */
export type HeaderFinding =
  | { readonly kind: "header"; readonly header: SegmentHeader }
  | { readonly kind: "newer"; readonly version: number }
  | { readonly kind: "damaged" };

/** Where the frames of a segment begin. */
export function framesFrom(keyId: number): number {
  return keyId === 0 ? segmentHeaderBytes : copyAt + segmentHeaderBytes;
}

/** Everything in front of the frames. */
export function formatSegmentHeader(header: SegmentHeader): Buffer {
  const bytes = Buffer.alloc(framesFrom(header.keyId));
  bytes.write(magic, 0, "latin1");
  bytes.writeUInt16LE(header.keyId === 0 ? plainVersion : segmentVersion, 8);
  bytes.writeUInt16LE(header.sparse ? sparseFlag : 0, 10);
  bytes.writeUInt32LE(header.keyId, 12);
  bytes.set(header.uuid.subarray(0, 16), 16);
  bytes.write(header.gatewayHash, 32, 8, "hex");
  bytes.write(header.run, 40, 8, "latin1");
  writeU64(bytes, header.firstSeq, 48);
  writeU64(bytes, header.previousSeq, 56);
  writeU64(bytes, header.supersedesSeq, 64);
  writeU64(bytes, Math.max(0, header.createdWallMs), 72);
  bytes.writeDoubleLE(header.createdMonotonicMs, 80);
  bytes.write(header.bootId, 88, 36, "latin1");
  bytes.writeUInt32LE(checksum(bytes, 0, 124, 0), 124);
  if (header.keyId !== 0) bytes.copy(bytes, copyAt, 0, segmentHeaderBytes);
  return bytes;
}

/** Where the header stands once more, in a segment that is encrypted. */
export const headerCopy = { at: copyAt, bytes: segmentHeaderBytes } as const;

/** Reads what stands at `headerCopy`; `damaged` for what is no header of an encrypted segment. */
export function parseHeaderCopy(bytes: Buffer): HeaderFinding {
  const finding = parseSegmentHeader(bytes);
  const isCopy = finding.kind === "header" && finding.header.keyId !== 0;
  return isCopy ? finding : { kind: "damaged" };
}

/** Reads the first bytes of a segment; fewer than 128 are `damaged`. */
export function parseSegmentHeader(bytes: Buffer): HeaderFinding {
  if (bytes.length < segmentHeaderBytes) return { kind: "damaged" };
  if (bytes.toString("latin1", 0, 8) !== magic) return { kind: "damaged" };
  if (checksum(bytes, 0, 124, 0) !== bytes.readUInt32LE(124)) return { kind: "damaged" };
  const version = bytes.readUInt16LE(8);
  if (version > segmentVersion) return { kind: "newer", version };
  return {
    kind: "header",
    header: {
      uuid: uuidOf(bytes),
      gatewayHash: bytes.toString("hex", 32, 40),
      run: toRunId(bytes.toString("latin1", 40, 48)),
      firstSeq: toSeq(readU64(bytes, 48)),
      previousSeq: toSeq(readU64(bytes, 56)),
      supersedesSeq: toSeq(readU64(bytes, 64)),
      createdWallMs: readU64(bytes, 72),
      createdMonotonicMs: bytes.readDoubleLE(80),
      bootId: bytes.toString("latin1", 88, 124).replace(/\0+$/, ""),
      keyId: version < segmentVersion ? 0 : bytes.readUInt32LE(12),
      sparse: (bytes.readUInt16LE(10) & sparseFlag) !== 0,
    },
  };
}

/** The UUID at its place, whether or not the header as a whole is valid. */
export function uuidOf(headerBytes: Buffer): Uint8Array {
  return Uint8Array.from(headerBytes.subarray(16, 32));
}

/** What seeds the checksums of a segment's frames. */
export function frameSeedOf(uuid: Uint8Array): number {
  return checksum(uuid, 0, uuid.length, 0);
}

/** The name of the file that begins with this seq. */
export function segmentName(firstSeq: number): string {
  return `${String(firstSeq).padStart(20, "0")}.seg`;
}

/** The first seq by the name of a file; undefined for files that are no segments. */
export function firstSeqOfName(name: string): Seq | undefined {
  const digits = /^(\d{20})\.seg$/.exec(name)?.[1];
  return digits === undefined ? undefined : toSeq(Number(digits));
}
