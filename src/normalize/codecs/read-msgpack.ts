/** Reads an item of MessagePack with all that is in it. */
import type { Decoded } from "./codec.ts";
import { ItemReader } from "./item-reader.ts";

/** The one extension that the format itself defines. */
const timestampType = -1;

export function readMsgpack(bytes: Uint8Array): Decoded {
  const reader = new ItemReader(bytes);
  const value = readItem(reader);
  return reader.decoded(value);
}

function readItem(reader: ItemReader): unknown {
  const head = reader.uint(1);
  if (reader.failed) return null;
  if (head < 0x80) return head;
  if (head >= 0xe0) return head - 0x100;
  if (head < 0x90) return readMap(reader, head & 15);
  if (head < 0xa0) return readList(reader, head & 15);
  return head < 0xc0 ? reader.text(head & 31) : readLong(reader, head);
}

function readLong(reader: ItemReader, head: number): unknown {
  switch (head) {
    case 0xc0:
      return null;
    case 0xc2:
      return false;
    case 0xc3:
      return true;
    case 0xc4:
    case 0xc5:
    case 0xc6:
      return reader.written(reader.take(readLength(reader, head - 0xc4)));
    case 0xc7:
    case 0xc8:
    case 0xc9:
      return readExtension(reader, readLength(reader, head - 0xc7));
    case 0xca:
      return reader.float(4);
    case 0xcb:
      return reader.float(8);
    case 0xcc:
    case 0xcd:
    case 0xce:
      return readLength(reader, head - 0xcc);
    case 0xcf:
      return reader.whole(reader.uint64());
    case 0xd0:
      return reader.int(1);
    case 0xd1:
      return reader.int(2);
    case 0xd2:
      return reader.int(4);
    case 0xd3:
      return reader.whole(reader.int64());
    case 0xd4:
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8:
      return readExtension(reader, 2 ** (head - 0xd4));
    case 0xd9:
    case 0xda:
    case 0xdb:
      return reader.text(readLength(reader, head - 0xd9));
    case 0xdc:
    case 0xdd:
      return readList(reader, readLength(reader, head - 0xdb));
    case 0xde:
    case 0xdf:
      return readMap(reader, readLength(reader, head - 0xdd));
    default:
      return reader.fail("the one byte that means nothing");
  }
}

/** A number of one, two or four bytes. */
function readLength(reader: ItemReader, power: number): number {
  return reader.uint(power === 0 ? 1 : power === 1 ? 2 : 4);
}

function readList(reader: ItemReader, count: number): unknown {
  return reader.list(count, () => readItem(reader), never);
}

function readMap(reader: ItemReader, count: number): unknown {
  return reader.record(count, () => readItem(reader), never);
}

/** One that nobody knows keeps its number and its bytes. */
function readExtension(reader: ItemReader, length: number): unknown {
  const type = reader.int(1);
  const bytes = reader.take(length);
  if (reader.failed) return null;
  if (type !== timestampType) return { type, data: reader.written(bytes) };
  const time = timeOf(bytes);
  if (time === undefined) reader.read.misfit("a time that is none", bytes.toString("hex", 0, 16));
  return time ?? null;
}

/** In RFC 3339, since a number cannot hold the nanoseconds. */
function timeOf(bytes: Buffer): string | undefined {
  const at = secondsOf(bytes);
  if (at === undefined) return undefined;
  const { nanoseconds, seconds } = at;
  if (nanoseconds >= 1e9 || seconds < earliest || seconds > latest) return undefined;
  const [whole = ""] = new Date(Number(seconds) * 1_000).toISOString().split(".");
  const fraction = String(nanoseconds)
    .padStart(9, "0")
    .replace(/0{1,9}$/, "");
  return `${whole}${fraction === "" ? "" : "."}${fraction}Z`;
}

function secondsOf(bytes: Buffer): { seconds: bigint; nanoseconds: number } | undefined {
  switch (bytes.length) {
    case 4:
      return { seconds: BigInt(bytes.readUInt32BE()), nanoseconds: 0 };
    case 8: {
      const both = bytes.readBigUInt64BE();
      return { seconds: both & (2n ** 34n - 1n), nanoseconds: Number(both >> 34n) };
    }
    case 12:
      return { seconds: bytes.readBigInt64BE(4), nanoseconds: bytes.readUInt32BE() };
    default:
      return undefined;
  }
}

/** Years of four digits. */
const earliest = BigInt(Date.parse("0000-01-01T00:00:00Z") / 1_000);
const latest = BigInt(Date.parse("9999-12-31T23:59:59Z") / 1_000);

function never(): boolean {
  return false;
}
