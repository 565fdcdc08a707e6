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
  const [first] = start;
  if (first === undefined) return from;
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    const here = bytes.subarray(at, at + start.length);
    if (here.equals(start.subarray(0, here.length))) return at;
  }
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
