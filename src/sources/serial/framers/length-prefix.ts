/** Frames that say at their beginning how long they are. */
import type { Framer, FramerSetting } from "./framer.ts";
import { Scanned } from "./scanned.ts";

export interface LengthField {
  /** How many bytes stand in front of it. */
  readonly at: number;
  readonly size: 1 | 2 | 4;
  readonly order: "big" | "little";
  /** What it says and this together are the length of the frame. */
  readonly add: number;
}

export interface LengthPrefixLayout {
  readonly start: Uint8Array;
  readonly length: LengthField;
  readonly end: Uint8Array;
}

export function lengthPrefix(setting: FramerSetting, layout: LengthPrefixLayout): Framer {
  const { end, length: field, start } = layout;
  const least = field.at + field.size;
  return new Scanned(setting, {
    ...{ start, end, isFixed: false },
    lengthAt: (bytes, at) => {
      if (bytes.length < at + least) return undefined;
      const length = readLength(bytes, at + field.at, field) + field.add;
      return length < least ? 0 : length;
    },
    wrap: (payload) => {
      const filled = Buffer.from(payload);
      const whole = (): Uint8Array => setting.check?.added(filled) ?? Buffer.concat([filled, end]);
      if (filled.length >= least) writeLength(filled, field, whole().length - field.add);
      return whole();
    },
  });
}

function readLength(bytes: Buffer, at: number, { order, size }: LengthField): number {
  return order === "big" ? bytes.readUIntBE(at, size) : bytes.readUIntLE(at, size);
}

function writeLength(bytes: Buffer, { at, order, size }: LengthField, length: number): void {
  const value = Math.max(0, length) % 2 ** (8 * size);
  if (order === "big") bytes.writeUIntBE(value, at, size);
  else bytes.writeUIntLE(value, at, size);
}
