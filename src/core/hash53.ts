const mixFirst = 0x9e3779b1;
const mixSecond = 0x85ebca77;

/**
 * A number for some bytes that other bytes have by chance once in 9,007,199,254,740,992 times: a safe
 * integer, not below 0. Two rows of FNV-1a with other primes; not for bytes that somebody forges.
 */
export function hash53(bytes: Uint8Array): number {
  let first = 0x811c9dc5 ^ bytes.length;
  let second = 0x41c6ce57;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    first = Math.imul(first ^ byte, mixFirst);
    second = Math.imul(second ^ byte, mixSecond);
    second ^= second >>> 15;
  }
  first = Math.imul(first ^ (first >>> 16) ^ (second >>> 13), mixSecond);
  second = Math.imul(second ^ (second >>> 13) ^ (first >>> 16), mixFirst);
  first ^= first >>> 15;
  second ^= second >>> 16;
  return (second >>> 11) * 2 ** 32 + (first >>> 0);
}
