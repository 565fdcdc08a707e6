/** The way of a frame out of a device that may misbehave. */
import type { Random } from "../../core/retry.ts";
import type { LineFrame } from "./line-family.ts";
import type { FrameFate, Misbehavior } from "./misbehavior.ts";

/** A frame as it leaves. */
export interface SpokenFrame {
  readonly fate: FrameFate;
  /** Undefined where nothing leaves. */
  readonly bytes: Uint8Array | undefined;
  readonly damagedBytes: number;
}

/** Says a frame, as well or as badly as chance and misbehavior want. */
export function spoken(frame: LineFrame, how: Misbehavior, random: Random): SpokenFrame {
  if (happens(how.silence, random)) return { fate: "silent", bytes: undefined, damagedBytes: 0 };
  const bytes = Uint8Array.from(frame.bytes);
  let fate: FrameFate = "whole";
  const { checksumAt } = frame;
  if (checksumAt !== undefined && happens(how.wrongChecksum, random)) {
    fate = "wrong-checksum";
    // A digit for a digit: the frame is well formed and wrong.
    bytes[checksumAt] = bytes[checksumAt] === 0x30 ? 0x31 : 0x30;
  }
  const damagedBytes = how.damage > 0 ? damage(bytes, how.damage, random) : 0;
  if (damagedBytes > 0 && fate === "whole") fate = "damaged";
  if (!happens(how.cut, random)) return { fate, bytes, damagedBytes };
  return { fate: "cut", bytes: bytes.subarray(0, cutAt(bytes.length, random)), damagedBytes };
}

function happens(share: number, random: Random): boolean {
  return share > 0 && random() < share;
}

/** Changes some bytes to others; gives how many. */
function damage(bytes: Uint8Array, share: number, random: Random): number {
  let count = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    if (random() >= share) continue;
    bytes[at] = (bytes[at] ?? 0) ^ (1 + Math.floor(random() * 255));
    count += 1;
  }
  return count;
}

/** At least a byte is left, and at least one is missing. */
function cutAt(length: number, random: Random): number {
  return 1 + Math.floor(random() * Math.max(0, length - 1));
}
