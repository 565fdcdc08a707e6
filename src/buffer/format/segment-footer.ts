/**
 * What closes a sealed segment: the identities of the devices' last messages, the losses its gap
 * events declare, and a trailer of 144 bytes at the very end that says what lies before it.
 *
 * ```
 *   0 magic 8    24 run, 8 ASCII   48 u64 first ms   64 u48 records per class, 4   112 u64 end of the frames
 *   8 UUID 16    32 u64 first seq  56 u64 last ms    88 u48 bytes per class, 4     120 u32 identities: bytes, CRC
 *                40 u64 last seq                                                  128 u32 losses: bytes, CRC
 *                                                                                 136 u16 version, u16 0, u32 CRC
 * ```
 *
 * The classes come in the order of their numbers on disk. Version 1 knew no rejections as a class, and
 * had three u64 in place of four u48.
 *
 * A start reads the trailers, the losses, and the identities of the newest segment only.
 */
import type { GapRange } from "../../core/event.ts";
import { type RunId, toRunId } from "../../core/ids.ts";
import { checksum } from "./checksum.ts";
import { rankOfCode } from "./frame.ts";
import { Tally } from "./tally.ts";
import { readU64, writeU64 } from "./u64.ts";

export const trailerBytes = 144;

const magic = "SLGEND\r\n";
const footerVersion = 2;
const narrowBytes = 6;
const wideBytes = 8;

/** A part of the footer, by place. */
export interface FooterSection {
  readonly at: number;
  readonly bytes: number;
  readonly crc: number;
}

export interface Trailer {
  readonly uuid: Uint8Array;
  readonly run: RunId;
  /** Without the losses; those are in their section. */
  readonly tally: Tally;
  /** Where the frames end. */
  readonly framesEnd: number;
  readonly identities: FooterSection;
  readonly losses: FooterSection;
}

/** The whole footer of a segment whose frames end at `framesEnd`. */
export function formatFooter(
  segment: { readonly uuid: Uint8Array; readonly run: RunId; readonly tally: Tally },
  framesEnd: number,
  identities: Uint8Array,
): Buffer {
  const { tally } = segment;
  const losses = Buffer.from(tally.gaps.length > 0 ? JSON.stringify(tally.gaps) : "");
  const trailer = Buffer.alloc(trailerBytes);
  trailer.write(magic, 0, "latin1");
  trailer.set(segment.uuid.subarray(0, 16), 8);
  trailer.write(segment.run, 24, 8, "latin1");
  writeU64(trailer, tally.firstSeq, 32);
  writeU64(trailer, tally.lastSeq, 40);
  writeU64(trailer, tally.firstMs, 48);
  writeU64(trailer, tally.lastMs, 56);
  for (const code of [0, 1, 2, 3]) {
    const rank = rankOfCode(code);
    trailer.writeUIntLE(tally.records[rank] ?? 0, 64 + code * narrowBytes, narrowBytes);
    trailer.writeUIntLE(tally.bytes[rank] ?? 0, 88 + code * narrowBytes, narrowBytes);
  }
  writeU64(trailer, framesEnd, 112);
  trailer.writeUInt32LE(identities.length, 120);
  trailer.writeUInt32LE(checksum(identities, 0, identities.length, 0), 124);
  trailer.writeUInt32LE(losses.length, 128);
  trailer.writeUInt32LE(checksum(losses, 0, losses.length, 0), 132);
  trailer.writeUInt16LE(footerVersion, 136);
  trailer.writeUInt32LE(checksum(trailer, 0, 140, 0), 140);
  return Buffer.concat([identities, losses, trailer]);
}

/** Reads the last bytes of a file of this size; undefined when they close no segment. */
export function parseTrailer(bytes: Buffer, fileBytes: number): Trailer | undefined {
  if (bytes.length !== trailerBytes || bytes.toString("latin1", 0, 8) !== magic) return undefined;
  if (checksum(bytes, 0, 140, 0) !== bytes.readUInt32LE(140)) return undefined;
  const framesEnd = readU64(bytes, 112);
  const identityBytes = bytes.readUInt32LE(120);
  const lossBytes = bytes.readUInt32LE(128);
  if (framesEnd + identityBytes + lossBytes + trailerBytes !== fileBytes) return undefined;
  const tally = new Tally();
  tally.firstSeq = readU64(bytes, 32);
  tally.lastSeq = readU64(bytes, 40);
  tally.firstMs = readU64(bytes, 48);
  tally.lastMs = readU64(bytes, 56);
  const isFirstVersion = bytes.readUInt16LE(136) === 1;
  for (const code of isFirstVersion ? [0, 1, 2] : [0, 1, 2, 3]) {
    const rank = rankOfCode(code);
    tally.records[rank] = countAt(bytes, 64, code, isFirstVersion);
    tally.bytes[rank] = countAt(bytes, 88, code, isFirstVersion);
  }
  return {
    uuid: Uint8Array.from(bytes.subarray(8, 24)),
    run: toRunId(bytes.toString("latin1", 24, 32)),
    tally,
    framesEnd,
    identities: { at: framesEnd, bytes: identityBytes, crc: bytes.readUInt32LE(124) },
    losses: { at: framesEnd + identityBytes, bytes: lossBytes, crc: bytes.readUInt32LE(132) },
  };
}

function countAt(bytes: Buffer, at: number, code: number, isFirstVersion: boolean): number {
  if (isFirstVersion) return readU64(bytes, at + code * wideBytes);
  return bytes.readUIntLE(at + code * narrowBytes, narrowBytes);
}

/** True for the last bytes of a file that once were the trailer of this segment. */
export function resemblesTrailer(bytes: Buffer, uuid: Uint8Array): boolean {
  return (
    bytes.toString("latin1", 0, 8) === magic || Buffer.compare(bytes.subarray(8, 24), uuid) === 0
  );
}

/** True when `bytes` are what the trailer says of this section. */
export function isSectionValid(section: FooterSection, bytes: Uint8Array): boolean {
  return bytes.length === section.bytes && checksum(bytes, 0, bytes.length, 0) === section.crc;
}

/** The declared losses in their section; undefined when it is damaged. */
export function parseLosses(section: FooterSection, bytes: Buffer): GapRange[] | undefined {
  if (!isSectionValid(section, bytes)) return undefined;
  return bytes.length === 0 ? [] : JSON.parse(bytes.toString());
}
