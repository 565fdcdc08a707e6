/**
 * Bytes that stand for nothing: a driver that is switched on makes a 00 or FF, a break is a 00, and some
 * devices wake the other side with several FE or FF.
 */
export function isFiller(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x00 || byte === 0xfe || byte === 0xff);
}
