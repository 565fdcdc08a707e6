/** What finds the frames in the bytes of a line. */

/** Why bytes are no frame. */
export const damages = {
  checksum: "its checksum does not fit",
  coding: "it is not coded as the framing says",
  "too-long": "it is longer than limits.max_frame",
  "no-text": "there are bytes in it that are no text",
  cut: "it ends in the middle",
  noise: "bytes that belong to no frame",
} as const;

export type Damage = keyof typeof damages;

/** Who is told. */
export interface FrameEar {
  frame(payload: Uint8Array): void;
  /** Once for each frame that was damaged, as far as frames can be told apart in it. */
  damaged(payload: Uint8Array, damage: Damage): void;
}

/**
 * One framing on one line. Pure: no time, no line. It holds at most one frame and what one read brings,
 * and finds the next frame that is whole whatever came before it.
 */
export interface Framer {
  /**
   * The line was opened. Unless nothing came for a while before the next byte (`isQuiet`), that may be
   * in the middle of a frame: bytes before the first frame are no damage then, and are no frame.
   */
  begin(isQuiet: boolean): void;
  take(bytes: Uint8Array): void;
  /** Silence of this length has a meaning; undefined where it has none. */
  readonly quietMs: number | undefined;
  /** Nothing came for `quietMs`. */
  quiet(): void;
  /** The line is gone: a frame that has begun is cut. */
  end(): void;
  /** The bytes of a frame to be written. */
  wrap(payload: Uint8Array): Uint8Array;
}

/** What all framings are opened with. */
export interface FramerSetting {
  readonly maxBytes: number;
  readonly check: FrameCheck | undefined;
  readonly ear: FrameEar;
}

/** The checksum in a frame. */
export interface FrameCheck {
  /** How much it tells: by chance it fits one frame of 256 to this power. */
  readonly bytes: number;
  fits(frame: Uint8Array): boolean;
  /** A frame that fits, up to the last byte that is covered. */
  bare(frame: Uint8Array): Uint8Array;
  /** The frame with its checksum, of bytes without it. */
  added(payload: Uint8Array): Uint8Array;
}

export const nothing: Buffer = Buffer.alloc(0);

/** Of the bytes, as a buffer; nothing is copied. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
