/** Frames with numbers that prove themselves, and what can happen to them on a line. */
import { checksumOf } from "../../src/core/checksums.ts";
import type { Random } from "../../src/core/retry.ts";

export const frameBytes = 14;
/** The bytes that each begins with. */
const markBytes = 2;
const twinOf = 0x5a5a5a5a;

/** The way in that reads them; without a checksum where it is not to see damage. */
export function frameSource(name: string, path: string, isChecked: boolean): object {
  const start = { hex: "a55a" };
  return {
    ...{ kind: "serial", name, path, baud: 921_600, device: name },
    framing: { kind: "fixed", start, length: frameBytes },
    ...(isChecked && { checksum: { kind: "crc32" } }),
  };
}

/** The profile that reads them. */
export const frameProfile = `profile: acme/numbered
version: 1
about: A number, its twin and a checksum.
codec: struct
time: none
fields:
  - { type: skip(2) }
  - { name: n, type: u32be }
  - { name: twin, type: u32be }
  - { type: skip(4) }
metrics:
  - { name: n, path: n }
  - { name: twin, path: twin }
examples:
  - { topic: serial/x, payload_hex: "a55a000000015a5a5a5b00000000", expect: { metrics: { n: 1, twin: 1515870811 } } }
`;

export function numberedFrame(n: number): Buffer {
  const frame = Buffer.alloc(frameBytes);
  frame.writeUInt16BE(0xa55a, 0);
  frame.writeUInt32BE(n, 2);
  frame.writeUInt32BE((n ^ twinOf) >>> 0, 6);
  frame.writeUInt32BE(checksumOf("crc32", frame.subarray(0, 10)), 10);
  return frame;
}

/** Whether a pair that is stored is one that a frame can say. */
export function isTwin(n: number, twin: number): boolean {
  return (n ^ twinOf) >>> 0 === twin;
}

/** Each byte behind the mark has this chance to be another; undefined when the frame stayed as it is. */
export function damagedFrame(frame: Buffer, share: number, random: Random): Buffer | undefined {
  const damaged = Buffer.from(frame);
  for (let at = markBytes; at < frameBytes; at += 1)
    if (random() < share) damaged[at] = (damaged[at] ?? 0) ^ (1 + Math.floor(random() * 255));
  return damaged.equals(frame) ? undefined : damaged;
}

/** Bytes anywhere are changed, left out or put in between; undefined when nothing was done. */
export function mangledFrame(frame: Buffer, share: number, random: Random): Buffer | undefined {
  const bytes: number[] = [];
  let isWhole = true;
  for (const byte of frame) {
    const chance = random() / share;
    if (chance < 0.7) bytes.push(byte ^ (1 + Math.floor(random() * 255)));
    else if (chance < 0.85) bytes.push(Math.floor(random() * 256), byte);
    else if (chance >= 1) bytes.push(byte);
    isWhole &&= chance >= 1;
  }
  return isWhole ? undefined : Buffer.from(bytes);
}
