/** Frames with bytes that each begins with and a checksum, of one length or one that they say. */
import { fixed } from "./fixed.ts";
import type { Framer, FramerSetting } from "./framer.ts";
import { type LengthField, lengthPrefix } from "./length-prefix.ts";

export interface HeaderChecksumLayout {
  readonly start: Uint8Array;
  readonly length: number | LengthField;
  readonly end: Uint8Array;
}

export function headerChecksum(
  setting: FramerSetting,
  { end, length, start }: HeaderChecksumLayout,
): Framer {
  return typeof length === "number"
    ? fixed(setting, { start, length, end })
    : lengthPrefix(setting, { start, length, end });
}
