/** The remaining length of a packet has not come whole. */
export const incomplete = -1;
/** The remaining length takes more than four bytes. */
export const malformed = -2;

/** Where the remaining length ends, which takes at most four bytes (MQTT 3.1.1 §2.2.3). */
export function lengthEnd(bytes: Buffer, at: number): number {
  for (let place = at; place < at + 4; place += 1) {
    const byte = bytes[place];
    if (byte === undefined) return incomplete;
    if (byte < 0x80) return place + 1;
  }
  return malformed;
}

/** The length that stands between two places, of which the second is from `lengthEnd`. */
export function lengthBefore(bytes: Buffer, at: number, end: number): number {
  let length = 0;
  for (let place = end - 1; place >= at; place -= 1) {
    length = length * 128 + ((bytes[place] ?? 0) & 0x7f);
  }
  return length;
}

/** How many bytes the remaining length takes, MQTT 3.1.1 §2.2.3. */
export function lengthBytes(remaining: number): number {
  if (remaining < 0x80) return 1;
  if (remaining < 0x4000) return 2;
  return remaining < 0x200000 ? 3 : 4;
}

/** Writes a length, behind the first byte where nothing else is said; gives the place behind it. */
export function writeLength(bytes: Buffer, remaining: number, from = 1): number {
  let at = from;
  let left = remaining;
  for (; left >= 0x80; left >>= 7) bytes[at++] = (left & 0x7f) | 0x80;
  bytes[at++] = left;
  return at;
}
