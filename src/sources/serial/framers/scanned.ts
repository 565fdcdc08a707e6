/**
 * What the framings have in common that know a frame by how it begins, how long it is and its
 * checksum. Where one does not fit, the next is looked for from the byte behind its first: a length
 * that is damaged takes no frame with it that stands behind.
 *
 * What is counted: a frame that begins right and fails its checksum is one damage; so are bytes that
 * begin no frame, behind one that was whole. Bytes behind a damaged frame belong to it.
 */
import { type Damage, type Framer, type FramerSetting, nothing } from "./framer.ts";
import { HeldBytes } from "./held-bytes.ts";

/** A frame has as long as this to go on; then it is cut. */
const standstillMs = 3_000;
/** Checksums are tried over so many bytes for each that comes, however often the bytes begin a frame. */
const triesPerByte = 64;

/** How the frames of one framing are known. */
export interface FrameShape {
  /** How each begins; may be nothing. */
  readonly start: Uint8Array;
  /** The length of the frame that begins at `at`; undefined while that is not to be seen yet. */
  readonly lengthAt: (bytes: Buffer, at: number) => number | undefined;
  /** All frames have one length, so it is known where a damaged one ends. */
  readonly isFixed: boolean;
  /** How each ends; may be nothing. */
  readonly end: Uint8Array;
  readonly wrap: (payload: Uint8Array) => Uint8Array;
}

export class Scanned implements Framer {
  readonly quietMs = standstillMs;
  readonly #shape: FrameShape;
  readonly #setting: FramerSetting;
  readonly #pieces = new HeldBytes();
  #held = nothing;
  readonly #noisePieces = new HeldBytes();
  #noise = nothing;
  /** Bytes are looked at in vain until the first frame, and this is no damage. */
  #isJoining = true;
  /** What is behind the last whole frame was counted. */
  #isCounted = false;
  /** How far into the held bytes the last frame that failed reached. */
  #failedTo = 0;
  #tries = 0;

  constructor(setting: FramerSetting, shape: FrameShape) {
    this.#setting = setting;
    this.#shape = shape;
  }

  begin(isQuiet: boolean): void {
    this.#held = nothing;
    this.#noise = nothing;
    this.#isJoining = !isQuiet;
    this.#isCounted = false;
    this.#failedTo = 0;
  }

  take(bytes: Uint8Array): void {
    const { maxBytes } = this.#setting;
    const most = triesPerByte * (bytes.length + maxBytes);
    this.#tries = Math.min(most, this.#tries + triesPerByte * bytes.length);
    this.#held = this.#pieces.joined(this.#held, bytes);
    this.#scan(false);
  }

  quiet(): void {
    this.#scan(true);
    this.#tellNoise();
  }

  end(): void {
    this.quiet();
    this.begin(false);
  }

  wrap(payload: Uint8Array): Uint8Array {
    return this.#shape.wrap(payload);
  }

  /** `isOver`: nothing more belongs to what is held. */
  #scan(isOver: boolean): void {
    const { start, lengthAt } = this.#shape;
    const { maxBytes } = this.#setting;
    const held = this.#held;
    let at = 0;
    while (at < held.length) {
      const found = findStart(held, start, at);
      this.#pass(held.subarray(at, found), at);
      at = found;
      if (held.length - at < Math.max(1, start.length)) {
        if (!isOver) break;
        this.#pass(held.subarray(at), at);
        at = held.length;
        break;
      }
      const length = lengthAt(held, at);
      if (length === undefined || length + at > held.length) {
        if (!isOver && (length ?? 0) <= maxBytes) break;
        at = this.#fail(at, held.length, isOver ? "cut" : "too-long");
      } else if (length > maxBytes || length < 1) {
        at = this.#fail(at, Math.min(held.length, at + maxBytes), "too-long");
      } else if (this.#fits(held.subarray(at, at + length))) {
        this.#tellNoise();
        this.#setting.ear.frame(held.subarray(at, at + length));
        this.#isJoining = false;
        this.#isCounted = false;
        at += length;
        this.#failedTo = at;
      } else {
        at = this.#fail(at, at + length, "checksum");
      }
    }
    this.#held = held.subarray(at);
    this.#failedTo = Math.max(0, this.#failedTo - at);
  }

  #fits(frame: Buffer): boolean {
    const { end } = this.#shape;
    this.#tries -= frame.length;
    const hasEnd = end.length === 0 || frame.subarray(frame.length - end.length).equals(end);
    return hasEnd && this.#setting.check?.fits(frame) !== false;
  }

  /** A frame begins here, and is none. Gives where to look on. */
  #fail(at: number, to: number, damage: Damage): number {
    if (at >= this.#failedTo) {
      this.#tellNoise();
      const frame = this.#held.subarray(at, Math.min(to, at + this.#setting.maxBytes));
      if (!this.#isJoining) this.#setting.ear.damaged(frame, damage);
      this.#failedTo = to;
      this.#isCounted = true;
    }
    return this.#tries > 0 ? at + 1 : Math.max(at + 1, to);
  }

  /** Bytes that begin no frame. */
  #pass(bytes: Buffer, at: number): void {
    const isNews = this.#shape.isFixed ? at + bytes.length > this.#failedTo : !this.#isCounted;
    if (bytes.length === 0 || this.#isJoining || !isNews) return;
    const skipped = this.#shape.isFixed ? Math.max(0, this.#failedTo - at) : 0;
    const room = this.#setting.maxBytes - this.#noise.length;
    this.#noise = this.#noisePieces.joined(
      this.#noise,
      bytes.subarray(skipped, skipped + Math.max(0, room)),
    );
  }

  #tellNoise(): void {
    if (this.#noise.length > 0) this.#setting.ear.damaged(this.#noise, "noise");
    this.#noise = nothing;
  }
}

/** Where the bytes begin, or may begin as far as they are there; the end of all where they do not. */
function findStart(bytes: Buffer, start: Uint8Array, from: number): number {
  const [first] = start;
  if (first === undefined) return from;
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    const here = bytes.subarray(at, at + start.length);
    if (here.equals(start.subarray(0, here.length))) return at;
  }
  return bytes.length;
}
