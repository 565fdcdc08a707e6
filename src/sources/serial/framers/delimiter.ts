/** Frames of any bytes, ended by bytes of one's own. */
import { Delimited } from "./delimited.ts";
import type { Framer, FramerSetting } from "./framer.ts";

export function delimiter(setting: FramerSetting, { end }: { readonly end: Uint8Array }): Framer {
  return new Delimited(setting, {
    endBytes: end.length,
    findEnd: (bytes, from) => {
      const at = bytes.indexOf(end, from);
      return at < 0 ? undefined : { at, bytes: end.length };
    },
    read: (segment) => (segment.length === 0 ? undefined : segment),
    wrap: (payload) => Buffer.concat([payload, end]),
  });
}
