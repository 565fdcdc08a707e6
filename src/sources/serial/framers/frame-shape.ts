/** How the frames of one framing are known: by their beginning, their length, their end and a checksum. */
import type { FrameCheck } from "./framer.ts";

export interface FrameShape {
  /** How each begins; may be nothing. */
  readonly start: Uint8Array;
  /**
   * The length of the frame that begins at `at`; 0 where what stands there can be none, undefined while
   * that is not to be seen yet.
   */
  readonly lengthAt: (bytes: Buffer, at: number) => number | undefined;
  /** All frames have one length, so it is known where a damaged one ends. */
  readonly isFixed: boolean;
  /** How each ends; may be nothing. */
  readonly end: Uint8Array;
  readonly wrap: (payload: Uint8Array) => Uint8Array;
}

/** Where the bytes begin, or may begin as far as they are there; the end of all where they do not. */
export function findStart(bytes: Buffer, start: Uint8Array, from: number): number {
  if (start.length === 0) return from;
  const at = bytes.indexOf(start, from);
  if (at >= 0) return at;
  for (let tail = Math.max(from, bytes.length - start.length + 1); tail < bytes.length; tail += 1)
    if (bytes.subarray(tail).equals(start.subarray(0, bytes.length - tail))) return tail;
  return bytes.length;
}

/** Bytes that begin as a frame and have its length are one. */
export function isFrame(
  bytes: Buffer,
  { end }: Pick<FrameShape, "end">,
  check: FrameCheck | undefined,
): boolean {
  const hasEnd = end.length === 0 || bytes.subarray(bytes.length - end.length).equals(end);
  return hasEnd && check?.fits(bytes) !== false;
}
