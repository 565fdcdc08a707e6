/** Lines of text, ended by CR, LF or both. */
import { isUtf8 } from "node:buffer";
import { Delimited } from "./delimited.ts";
import type { Damage, FrameCheck, Framer, FramerSetting } from "./framer.ts";

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
    read: (segment) => readLine(segment, setting.check),
    wrap: (payload) => Buffer.concat([payload, Buffer.from(end)]),
  });
}

/** A line without what stands around it; where it is no text, what its checksum says is one. */
function readLine(segment: Buffer, check: FrameCheck | undefined): Buffer | Damage | undefined {
  let from = 0;
  let to = segment.length;
  while (from < to && (segment[from] === stx || segment[from] === etx)) from += 1;
  while (to > from && segment[to - 1] === etx) to -= 1;
  const line = segment.subarray(from, to);
  if (line.length === 0) return undefined;
  if (isText(line)) return line;
  // A driver that is switched on makes a byte or two, and a break is a 0.
  const text = line.subarray(1 + line.findLastIndex((byte) => !isPlain(byte)));
  return check !== undefined && text.length > 0 && check.fits(text) ? text : "no-text";
}

function isText(line: Buffer): boolean {
  return line.every((byte) => byte >= 0x80 || isPlain(byte)) && isUtf8(line);
}

function isPlain(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === tab;
}
