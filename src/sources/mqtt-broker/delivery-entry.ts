/**
 * The bytes of the table of open deliveries: entries of 40 bytes, each with a checksum of its own,
 * so that a damaged one is passed over and takes no other with it.
 *
 * ```
 * 0 u8 kind   1 u8 1 for QoS 1   2 u16 packet id   4 u32 hash   8 session, 16   24 u64 seq   32 u32 part   36 u32 CRC
 * ```
 *
 * All little-endian. The first entry says how far the log is covered, and has the version in place
 * of the packet id. Of a message that is stored in part there is an entry for each part that is.
 */
import { crc32 } from "node:zlib";
import { decodePart, encodePart } from "../../core/delivery-part.ts";
import type { Delivery } from "../../core/record.ts";
import { sessionBytes } from "./delivery-key.ts";

const entryBytes = 40;

/**
 * - `covered`: open deliveries of records up to `seq` are in the table, those behind it in the log.
 * - `open`: waits for its release.
 * - `released`: whatever was open under this number in records up to `seq` is not any more.
 * - `cleared`: the same for the whole session.
 * - `answered`: messages of QoS 1 of records up to `seq` have their PUBACKs, but for those that are `open`.
 */
export type TableEntry =
  | { readonly kind: "covered"; readonly seq: number; readonly version: number }
  | { readonly kind: "open"; readonly delivery: Delivery }
  | {
      readonly kind: "released";
      readonly session: string;
      readonly packetId: number;
      readonly seq: number;
    }
  | { readonly kind: "cleared"; readonly session: string; readonly seq: number }
  | { readonly kind: "answered"; readonly seq: number };

const kinds = ["covered", "open", "released", "cleared", "answered"] as const;
const crcAt = entryBytes - 4;

export function formatEntries(entries: readonly TableEntry[]): Buffer {
  const bytes = Buffer.alloc(entries.length * entryBytes);
  for (const [index, entry] of entries.entries()) writeEntry(bytes, index * entryBytes, entry);
  return bytes;
}

/** The entries that are whole, in order; what is not is counted. */
export function parseEntries(bytes: Buffer): {
  readonly entries: readonly TableEntry[];
  readonly damaged: number;
} {
  const entries: TableEntry[] = [];
  const places = Math.ceil(bytes.length / entryBytes);
  for (let at = 0; at + entryBytes <= bytes.length; at += entryBytes) {
    const entry = readEntry(bytes, at);
    if (entry) entries.push(entry);
  }
  return { entries, damaged: places - entries.length };
}

function writeEntry(bytes: Buffer, at: number, entry: TableEntry): void {
  bytes[at] = kinds.indexOf(entry.kind);
  if (entry.kind === "covered") {
    bytes.writeUInt16LE(entry.version, at + 2);
  } else if (entry.kind !== "answered") {
    const { session } = entry.kind === "open" ? entry.delivery : entry;
    bytes.write(session, at + 8, sessionBytes, "hex");
  }
  if (entry.kind === "open") {
    bytes[at + 1] = entry.delivery.untilPuback === undefined ? 0 : 1;
    bytes.writeUInt16LE(entry.delivery.packetId, at + 2);
    bytes.writeUInt32LE(entry.delivery.hash, at + 4);
    bytes.writeUInt32LE(encodePart(entry.delivery.part), at + 32);
  } else {
    bytes.writeBigUInt64LE(BigInt(entry.seq), at + 24);
  }
  if (entry.kind === "released") bytes.writeUInt16LE(entry.packetId, at + 2);
  bytes.writeUInt32LE(crc32(bytes.subarray(at, at + crcAt), crcSeed), at + crcAt);
}

/** Not 0, so that a stretch of zeros is no entry. */
const crcSeed = 0x51_4f_53_32;

function readEntry(bytes: Buffer, at: number): TableEntry | undefined {
  if (crc32(bytes.subarray(at, at + crcAt), crcSeed) !== bytes.readUInt32LE(at + crcAt))
    return undefined;
  const kind = kinds[bytes[at] ?? kinds.length];
  const packetId = bytes.readUInt16LE(at + 2);
  const session = bytes.toString("hex", at + 8, at + 8 + sessionBytes);
  const seq = Number(bytes.readBigUInt64LE(at + 24));
  switch (kind) {
    case "covered":
      return { kind, seq, version: packetId };
    case "open":
      return { kind, delivery: deliveryOf(bytes, at, session, packetId) };
    case "released":
      return { kind, session, packetId, seq };
    case "cleared":
      return { kind, session, seq };
    case "answered":
      return { kind, seq };
    default:
      return undefined;
  }
}

function deliveryOf(bytes: Buffer, at: number, session: string, packetId: number): Delivery {
  const part = decodePart(bytes.readUInt32LE(at + 32));
  const hash = bytes.readUInt32LE(at + 4);
  const qos1 = bytes[at + 1] === 1 && ({ untilPuback: "first" } as const);
  return { session, packetId, hash, ...(part && { part }), ...qos1 };
}
