/** What a tag of CBOR makes of the item behind it. */
import { finite, shortHalf, shortSingle } from "./floats.ts";
import type { ItemReader } from "./item-reader.ts";

/** More digits than anything that is measured or counted. */
const maxBigBytes = 64;

/** Strings of bytes come as they are; a tag that is not known leaves the item alone. */
export function meaningOfTag(tag: number, content: unknown, reader: ItemReader): unknown {
  if (content instanceof Uint8Array) return ofBytes(tag, content, reader);
  if (tag === 4 || tag === 5) return ofFraction(tag, content, reader);
  return content;
}

function ofBytes(tag: number, bytes: Uint8Array, reader: ItemReader): unknown {
  if (tag === 2 || tag === 3) {
    if (bytes.length > maxBigBytes) {
      reader.read.misfit(`a number of ${bytes.length} bytes`);
      return null;
    }
    const size = bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
    return reader.whole(tag === 2 ? size : -1n - size);
  }
  return tag >= 64 && tag <= 87 ? ofArray(tag, bytes, reader) : reader.written(bytes);
}

/** An array of numbers of one type (RFC 8746): in its tag is 010, float, signed, little, size. */
function ofArray(tag: number, bytes: Uint8Array, reader: ItemReader): unknown {
  const isFloat = (tag & 16) !== 0;
  const isSigned = (tag & 8) !== 0 && !isFloat;
  const little = (tag & 4) !== 0 && tag !== 68;
  const size = (isFloat ? 2 : 1) << (tag & 3);
  if (size > 8 || tag === 76 || bytes.length % size !== 0) {
    reader.read.misfit(`a typed array of tag ${tag} with ${bytes.length} bytes`);
    return reader.written(bytes);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const one = (at: number): unknown => {
    if (isFloat) {
      if (size === 2) return shortHalf(view.getUint16(at, little));
      if (size === 4) return shortSingle(view.getFloat32(at, little));
      return finite(view.getFloat64(at, little));
    }
    if (size === 8)
      return reader.whole(isSigned ? view.getBigInt64(at, little) : view.getBigUint64(at, little));
    if (size === 4) return isSigned ? view.getInt32(at, little) : view.getUint32(at, little);
    if (size === 2) return isSigned ? view.getInt16(at, little) : view.getUint16(at, little);
    return isSigned ? view.getInt8(at) : view.getUint8(at);
  };
  return Array.from({ length: bytes.length / size }, (_, n) => one(n * size));
}

/** An exponent and a mantissa, of ten (tag 4) or of two (tag 5). */
function ofFraction(tag: number, content: unknown, reader: ItemReader): unknown {
  const [exponent, mantissa] = Array.isArray(content) ? content : [];
  if (Number.isInteger(exponent) && (typeof mantissa === "string" || Number.isInteger(mantissa))) {
    const value = tag === 4 ? Number(`${mantissa}e${exponent}`) : Number(mantissa) * 2 ** exponent;
    if (Number.isFinite(value)) return value;
  }
  reader.read.misfit(`tag ${tag} stands before what is no fraction`);
  return null;
}
