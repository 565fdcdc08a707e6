/**
 * Whole numbers up to 2^53 as unsigned 64-bit little-endian, without BigInt: sequence numbers and
 * times are written once per record.
 */

const high = 2 ** 32;

export function writeU64(buffer: Buffer, value: number, at: number): void {
  buffer.writeUInt32LE(value >>> 0, at);
  buffer.writeUInt32LE(Math.floor(value / high), at + 4);
}

/** The same where it is done for each record. */
export function setU64(view: DataView, value: number, at: number): void {
  view.setUint32(at, value >>> 0, true);
  view.setUint32(at + 4, Math.floor(value / high), true);
}

/** Larger than `Number.MAX_SAFE_INTEGER` only where the bytes are damaged. */
export function readU64(buffer: Buffer, at: number): number {
  return buffer.readUInt32LE(at) + buffer.readUInt32LE(at + 4) * high;
}
