/** Arrays: packed little-endian bytes, without a length in front but for truth values. */
import { shortSingle } from "../floats.ts";
import type { DataType } from "./data-type.ts";
import { type Meant, realNumber, type Unmeant, wholeNumber } from "./meant.ts";

type Read = (view: DataView, at: number) => Meant;

const fixed: ReadonlyMap<DataType, { readonly bytes: number; readonly read: Read }> = new Map([
  ["Int8Array", { bytes: 1, read: (view, at) => view.getInt8(at) }],
  ["Int16Array", { bytes: 2, read: (view, at) => view.getInt16(at, true) }],
  ["Int32Array", { bytes: 4, read: (view, at) => view.getInt32(at, true) }],
  ["Int64Array", { bytes: 8, read: (view, at) => wholeNumber(view.getBigInt64(at, true)) }],
  ["UInt8Array", { bytes: 1, read: (view, at) => view.getUint8(at) }],
  ["UInt16Array", { bytes: 2, read: (view, at) => view.getUint16(at, true) }],
  ["UInt32Array", { bytes: 4, read: (view, at) => view.getUint32(at, true) }],
  ["UInt64Array", { bytes: 8, read: (view, at) => wholeNumber(view.getBigUint64(at, true)) }],
  ["FloatArray", { bytes: 4, read: (view, at) => shortSingle(view.getFloat32(at, true)) }],
  ["DoubleArray", { bytes: 8, read: (view, at) => realNumber(view.getFloat64(at, true)) }],
  ["DateTimeArray", { bytes: 8, read: (view, at) => wholeNumber(view.getBigUint64(at, true)) }],
]);

/** Undefined for a type that is no array. */
export function arrayValues(
  bytes: Uint8Array,
  type: DataType,
): readonly Meant[] | Unmeant | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (type === "BooleanArray") return truthValues(view);
  if (type === "StringArray") return textValues(bytes);
  const form = fixed.get(type);
  if (form === undefined) return undefined;
  if (view.byteLength % form.bytes !== 0)
    return { problem: `has ${view.byteLength} bytes, which is no ${type}` };
  const values: Meant[] = [];
  for (let at = 0; at < view.byteLength; at += form.bytes) values.push(form.read(view, at));
  return values;
}

/** Four bytes with their number, then one bit each, the highest of a byte first. */
function truthValues(view: DataView): readonly Meant[] | Unmeant {
  const count = view.byteLength < 4 ? -1 : view.getUint32(0, true);
  if (count < 0 || Math.ceil(count / 8) !== view.byteLength - 4)
    return { problem: `has ${view.byteLength} bytes, which is no BooleanArray` };
  return Array.from({ length: count }, (_, at) => {
    const byte = view.getUint8(4 + Math.floor(at / 8));
    return ((byte >> (7 - (at % 8))) & 1) === 1;
  });
}

/** Each ends with a zero byte. */
function textValues(bytes: Uint8Array): readonly Meant[] | Unmeant {
  if (bytes.byteLength === 0) return [];
  if (bytes.at(-1) !== 0) return { problem: "has no zero byte at its end, so is no StringArray" };
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  return text.slice(0, -1).split("\0");
}
