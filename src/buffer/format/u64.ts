/**
 * Whole numbers up to 2^53 as unsigned 64-bit little-endian, without BigInt: sequence numbers and
 * times are written once per record.
 */

const high = 2 ** 32;

export function writeU64(buffer: Buffer, value: number, at: number): void {
  buffer.writeUInt32LE(value >>> 0, at);
  buffer.writeUInt32LE(Math.floor(value / high), at + 4);
}

/** Larger than `Number.MAX_SAFE_INTEGER` only where the bytes are damaged. */
export function readU64(buffer: Buffer, at: number): number {
  return buffer.readUInt32LE(at) + buffer.readUInt32LE(at + 4) * high;
}
