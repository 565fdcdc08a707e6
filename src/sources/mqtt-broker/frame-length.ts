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
