/** Frames of one length. */
import type { Framer, FramerSetting } from "./framer.ts";
import { Scanned } from "./scanned.ts";

export interface FixedLayout {
  readonly start: Uint8Array;
  readonly length: number;
  readonly end: Uint8Array;
}

export function fixed(setting: FramerSetting, { end, length, start }: FixedLayout): Framer {
  return new Scanned(setting, {
    ...{ start, end, isFixed: true },
    lengthAt: () => length,
    wrap: (payload) => setting.check?.added(payload) ?? Buffer.concat([payload, end]),
  });
}
