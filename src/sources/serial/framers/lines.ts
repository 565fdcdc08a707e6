/** Lines of text, ended by CR, LF or both. */
import { isUtf8 } from "node:buffer";
import { Delimited } from "./delimited.ts";
import type { Damage, Framer, FramerSetting } from "./framer.ts";

const cr = 0x0d;
const lf = 0x0a;
const tab = 0x09;
/** STX and ETX, which scales and readers put around a line. */
const [stx, etx] = [0x02, 0x03];

/** `end`: what is written behind a line. */
export function lines(setting: FramerSetting, { end }: { readonly end: string }): Framer {
  return new Delimited(setting, {
    endBytes: 1,
    findEnd: (bytes, from) => {
      for (let at = from; at < bytes.length; at += 1)
        if (bytes[at] === lf || bytes[at] === cr) return { at, bytes: 1 };
      return undefined;
    },
    read: readLine,
    wrap: (payload) => Buffer.concat([payload, Buffer.from(end)]),
  });
}

function readLine(segment: Buffer): Buffer | Damage | undefined {
  let from = 0;
  let to = segment.length;
  while (from < to && (segment[from] === stx || segment[from] === etx)) from += 1;
  while (to > from && segment[to - 1] === etx) to -= 1;
  const text = segment.subarray(from, to);
  if (text.length === 0) return undefined;
  for (const byte of text) if ((byte < 0x20 && byte !== tab) || byte === 0x7f) return "no-text";
  return isUtf8(text) ? text : "no-text";
}
