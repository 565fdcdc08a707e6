/** The types of fields in bytes: `u8`, `i16be`, `f32le`, `bits(3)`, `bcd(4)`, `text(8)`. */
import type { ByteReader } from "./byte-reader.ts";
import { finite, shortHalf, shortSingle } from "./floats.ts";
import { utf8Text } from "./utf8.ts";

/** A value as it stands in the bytes; null where they hold none. */
export type Raw = number | bigint | string | null;

/** Reads one value; undefined where the bytes end before it. `count` is that of the type. */
type Read = (reader: ByteReader, count: number) => Raw | undefined;

export interface StructType {
  readonly kind: "number" | "text" | "skip";
  /** How many bytes or bits; the name of a field that says it, or all that are left. */
  readonly count: number | "rest" | { readonly field: string };
  readonly read: Read;
}

const numbers: Readonly<Record<string, { readonly bytes: number; readonly read: NumberRead }>> = {
  u8: { bytes: 1, read: (view, at) => view.getUint8(at) },
  i8: { bytes: 1, read: (view, at) => view.getInt8(at) },
  u16: { bytes: 2, read: (view, at, little) => view.getUint16(at, little) },
  i16: { bytes: 2, read: (view, at, little) => view.getInt16(at, little) },
  u24: { bytes: 3, read: (view, at, little) => threeBytes(view, at, little) },
  i24: { bytes: 3, read: (view, at, little) => (threeBytes(view, at, little) << 8) >> 8 },
  u32: { bytes: 4, read: (view, at, little) => view.getUint32(at, little) },
  i32: { bytes: 4, read: (view, at, little) => view.getInt32(at, little) },
  u48: { bytes: 6, read: (view, at, little) => sixBytes(view, at, little) },
  i48: { bytes: 6, read: (view, at, little) => signed(sixBytes(view, at, little), 48) ?? null },
  u64: { bytes: 8, read: (view, at, little) => view.getBigUint64(at, little) },
  i64: { bytes: 8, read: (view, at, little) => view.getBigInt64(at, little) },
  sm8: { bytes: 1, read: (view, at) => signAndSize(view.getUint8(at), 8) },
  sm16: { bytes: 2, read: (view, at, little) => signAndSize(view.getUint16(at, little), 16) },
  sm32: { bytes: 4, read: (view, at, little) => signAndSize(view.getUint32(at, little), 32) },
  f16: {
    bytes: 2,
    read: (view, at, little) => shortHalf(view.getUint16(at, little)),
  },
  f32: {
    bytes: 4,
    read: (view, at, little) => shortSingle(view.getFloat32(at, little)),
  },
  f64: { bytes: 8, read: (view, at, little) => finite(view.getFloat64(at, little)) },
};
type NumberRead = (view: DataView, at: number, little: boolean) => number | bigint | null;

const counted: Readonly<Record<string, Omit<StructType, "count">>> = {
  bits: { kind: "number", read: (reader, count) => reader.bits(count) },
  ibits: { kind: "number", read: (reader, count) => signed(reader.bits(count), count) },
  bitsle: { kind: "number", read: (reader, count) => reader.lowBits(count) },
  ibitsle: { kind: "number", read: (reader, count) => signed(reader.lowBits(count), count) },
  bcd: { kind: "number", read: (reader, count) => decimal(reader.take(count)) },
  bcdle: { kind: "number", read: (reader, count) => decimal(reader.take(count)?.toReversed()) },
  text: { kind: "text", read: (reader, count) => textIn(reader.take(count)) },
  hex: {
    kind: "text",
    read: (reader, count) => {
      const bytes = reader.take(count);
      return bytes && Buffer.from(bytes).toString("hex");
    },
  },
  skip: {
    kind: "skip",
    read: (reader, count) => (reader.take(count) === undefined ? undefined : null),
  },
};

/** What a type says, or what is wrong with it. */
export function parseStructType(text: string): StructType | { readonly problem: string } {
  const [, name = "", order] = /^((?:[uif]|sm)\d+)(be|le|cdab|badc)?$/.exec(text) ?? [];
  const number = Object.hasOwn(numbers, name) ? numbers[name] : undefined;
  if (number !== undefined) {
    const { bytes, read } = number;
    if (bytes > 1 && order === undefined)
      return { problem: `${name} has ${bytes} bytes; write ${name}be or ${name}le` };
    if (bytes === 1 && order !== undefined)
      return { problem: `${name} is one byte and has no order; write ${name}` };
    if (bytes !== 4 && order?.length === 4)
      return { problem: `${name} has no two words: ${order} is for numbers of 4 bytes` };
    return {
      kind: "number",
      count: bytes,
      read: (reader) => {
        const found = reader.view(bytes);
        if (found === undefined) return undefined;
        if (order === "cdab" || order === "badc")
          return read(wordsSwapped(found.view, found.at), 0, order === "badc");
        return read(found.view, found.at, order === "le");
      },
    };
  }
  const [, word = "", inside = ""] = /^([a-z]+)\(([A-Za-z0-9_]+)\)$/.exec(text) ?? [];
  const type = Object.hasOwn(counted, word) ? counted[word] : undefined;
  if (type === undefined)
    return {
      problem: `"${text}" is not a type; write one as u8, i16be, f32le, bits(3) or text(8)`,
    };
  if (!/^\d+$/.test(inside)) {
    if (type.kind === "number") return { problem: `${word} needs a number, not ${inside}` };
    return { ...type, count: inside === "rest" ? "rest" : { field: inside } };
  }
  const count = Number(inside);
  const most = word.includes("bits") ? 32 : word.startsWith("bcd") ? 7 : 65_536;
  if (count < 1 || count > most) return { problem: `${word} has 1 to ${most}, not ${inside}` };
  return { ...type, count };
}

function threeBytes(view: DataView, at: number, little: boolean): number {
  return little
    ? view.getUint16(at, true) + view.getUint8(at + 2) * 65_536
    : view.getUint8(at) * 65_536 + view.getUint16(at + 1);
}

function sixBytes(view: DataView, at: number, little: boolean): number {
  return little
    ? view.getUint32(at, true) + view.getUint16(at + 4, true) * 2 ** 32
    : view.getUint16(at) * 2 ** 32 + view.getUint32(at + 2);
}

/** The highest bit is the sign of the others. */
function signAndSize(raw: number, bits: number): number {
  const half = 2 ** (bits - 1);
  return raw > half ? half - raw : raw % half;
}

function signed(value: number | undefined, bits: number): number | undefined {
  return value !== undefined && value >= 2 ** (bits - 1) ? value - 2 ** bits : value;
}

/** Four bytes in two words, of which the lower one comes first. */
function wordsSwapped(view: DataView, at: number): DataView {
  const swapped = new DataView(new ArrayBuffer(4));
  swapped.setUint16(0, view.getUint16(at + 2));
  swapped.setUint16(2, view.getUint16(at));
  return swapped;
}

function decimal(bytes: Uint8Array | undefined): Raw | undefined {
  if (bytes === undefined) return undefined;
  const digits = Buffer.from(bytes).toString("hex");
  return /^\d+$/.test(digits) ? Number(digits) : null;
}

/** Up to the first NUL; C firmware fills the rest with anything. Null for what is no UTF-8. */
function textIn(bytes: Uint8Array | undefined): string | null | undefined {
  if (bytes === undefined) return undefined;
  const end = bytes.indexOf(0);
  return utf8Text(end === -1 ? bytes : bytes.subarray(0, end))?.trim() ?? null;
}
