import type { Damage, FrameEar, Framer } from "../../../src/sources/serial/framers/framer.ts";
import {
  type ChecksumOptions,
  checksumOptions,
  framingOptions,
} from "../../../src/sources/serial/framing-options.ts";
import { openFramer } from "../../../src/sources/serial/open-framer.ts";

/** Remembers what a framing found. */
export class RecordingEar implements FrameEar {
  readonly frames: Buffer[] = [];
  readonly damages: Damage[] = [];
  readonly samples: Buffer[] = [];

  /** The frames as digits. */
  get hex(): string[] {
    return this.frames.map((frame) => frame.toString("hex"));
  }

  frame(payload: Uint8Array): void {
    this.frames.push(Buffer.from(payload));
  }

  damaged(payload: Uint8Array, damage: Damage): void {
    this.damages.push(damage);
    this.samples.push(Buffer.from(payload));
  }
}

export interface Framing {
  readonly framing: unknown;
  readonly checksum?: unknown;
  readonly maxBytes?: number;
}

/** A framing as the configuration names it, with an ear; the line is quiet before the first byte. */
export function framerOf({ checksum, framing, maxBytes = 4_096 }: Framing): {
  framer: Framer;
  ear: RecordingEar;
} {
  const ear = new RecordingEar();
  const check: ChecksumOptions | undefined =
    checksum === undefined ? undefined : checksumOptions.parse(checksum);
  const options = { framing: framingOptions.parse(framing), checksum: check, maxBytes };
  const framer = openFramer(options, ear);
  framer.begin(true);
  return { framer, ear };
}

/** What a framing finds in these bytes, given to it in pieces of so many. */
export function framesIn(
  framing: Framing,
  bytes: Uint8Array,
  pieceBytes = bytes.length,
  isQuiet = true,
): RecordingEar {
  const { ear, framer } = framerOf(framing);
  framer.begin(isQuiet);
  for (let at = 0; at < bytes.length; at += pieceBytes)
    framer.take(Uint8Array.from(bytes.subarray(at, at + pieceBytes)));
  if (framer.quietMs !== undefined) framer.quiet();
  return ear;
}
