/** The fields that packets are made of, the same in MQTT 3.1.1 and 5. */
import { isUtf8 } from "node:buffer";

/** A number of two bytes, MQTT 3.1.1 §1.5.2. */
export function numberAt(bytes: Buffer, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

/** Where a field with a length in front ends; -1 when it does not fit. */
export function dataEnd(bytes: Buffer, at: number, end: number): number {
  const stop = at + 2 + numberAt(bytes, at);
  return at + 2 <= end && stop <= end ? stop : -1;
}

/** Where a text ends; -1 when it does not fit or is no text, MQTT 3.1.1 §1.5.3. */
export function textEnd(bytes: Buffer, at: number, end: number): number {
  const stop = dataEnd(bytes, at, end);
  let ascii = true;
  for (let place = at + 2; place < stop; place += 1) {
    const byte = bytes[place] ?? 0;
    if (byte === 0) return -1;
    if (byte >= 0x80) ascii = false;
  }
  return ascii || isUtf8(bytes.subarray(at + 2, stop)) ? stop : -1;
}
