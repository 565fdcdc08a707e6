/** FNV-1a hashes over UTF-8 (Fowler, Noll, Vo). The 32-bit one equals the server's `partition()`. */

const encoder = new TextEncoder();
const prime64 = 0x100000001b3n;
const mask64 = 0xffffffffffffffffn;

/** 32 bits, unsigned. */
export function fnv1a32(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of encoder.encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** 64 bits as 16 lower-case hex digits. */
export function fnv1a64(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of encoder.encode(text)) hash = ((hash ^ BigInt(byte)) * prime64) & mask64;
  return hash.toString(16).padStart(16, "0");
}
