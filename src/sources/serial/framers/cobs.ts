/** COBS: no byte of a frame is 0, and a 0 ends it (Cheshire and Baker 1999). */
import { Delimited } from "./delimited.ts";
import type { Damage, Framer, FramerSetting } from "./framer.ts";

export function cobs(setting: FramerSetting): Framer {
  return new Delimited(setting, {
    endBytes: 1,
    findEnd: (bytes, from) => {
      const at = bytes.indexOf(0, from);
      return at < 0 ? undefined : { at, bytes: 1 };
    },
    read: decode,
    wrap: encode,
  });
}

/** Each block is a byte that says how far the next 0 is, and the bytes up to there. */
function decode(segment: Buffer): Buffer | Damage | undefined {
  if (segment.length === 0) return undefined;
  const payload = Buffer.alloc(segment.length);
  let length = 0;
  for (let at = 0; at < segment.length; ) {
    const code = segment[at] ?? 0;
    const next = at + code;
    if (next > segment.length) return "coding";
    length += segment.copy(payload, length, at + 1, next);
    at = next;
    // The 0 behind the last block is that which ended the frame.
    if (code < 0xff && at < segment.length) length += 1;
  }
  // A frame of nothing is what some send to wake the other side.
  return length === 0 ? undefined : payload.subarray(0, length);
}

function encode(payload: Uint8Array): Buffer {
  const bytes: number[] = [0];
  let codeAt = 0;
  const close = (): void => {
    bytes[codeAt] = bytes.length - codeAt;
  };
  for (const [at, byte] of payload.entries()) {
    if (byte !== 0) bytes.push(byte);
    const isFull = bytes.length - codeAt === 0xff;
    if (byte !== 0 && !(isFull && at < payload.length - 1)) continue;
    close();
    codeAt = bytes.push(0) - 1;
  }
  close();
  return Buffer.from([...bytes, 0]);
}
