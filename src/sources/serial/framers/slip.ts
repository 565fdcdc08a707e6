/** SLIP (RFC 1055): END around each frame, and two bytes for each END or ESC in it. */
import { Delimited } from "./delimited.ts";
import type { Damage, Framer, FramerSetting } from "./framer.ts";

const [end, esc, escapedEnd, escapedEsc] = [0xc0, 0xdb, 0xdc, 0xdd];

export function slip(setting: FramerSetting): Framer {
  return new Delimited(setting, {
    endBytes: 1,
    findEnd: (bytes, from) => {
      const at = bytes.indexOf(end, from);
      return at < 0 ? undefined : { at, bytes: 1 };
    },
    read: decode,
    wrap: encode,
  });
}

function decode(segment: Buffer): Buffer | Damage | undefined {
  if (segment.length === 0) return undefined;
  const payload = Buffer.alloc(segment.length);
  let length = 0;
  for (let at = 0; at < segment.length; at += 1) {
    let byte = segment[at] ?? 0;
    if (byte === esc) {
      at += 1;
      const escaped = segment[at];
      if (escaped !== escapedEnd && escaped !== escapedEsc) return "coding";
      byte = escaped === escapedEnd ? end : esc;
    }
    payload[length] = byte;
    length += 1;
  }
  return payload.subarray(0, length);
}

function encode(payload: Uint8Array): Buffer {
  const bytes = [end];
  for (const byte of payload) {
    if (byte === end) bytes.push(esc, escapedEnd);
    else if (byte === esc) bytes.push(esc, escapedEsc);
    else bytes.push(byte);
  }
  return Buffer.from([...bytes, end]);
}
