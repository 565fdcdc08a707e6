/**
 * What the framings have in common that know a frame by how it begins, how long it is and its
 * checksum. Where one does not fit, the next is looked for from the byte behind its first: a length
 * that is damaged takes no frame with it that stands behind.
 *
 * What is counted: a frame that begins right and fails its checksum is one damage; so are bytes that
 * begin no frame, behind one that was whole. Bytes behind a damaged frame belong to it.
 */
import { isFiller } from "./filler.ts";
import { type FrameShape, findStart, isFrame } from "./frame-shape.ts";
import { type Damage, type Framer, type FramerSetting, nothing } from "./framer.ts";
import { HeldBytes } from "./held-bytes.ts";
import { SwallowedFrames } from "./swallowed-frames.ts";

/** A frame has as long as this to go on; then it is cut. */
const standstillMs = 3_000;
/** Checksums are tried over so many bytes for each that comes, however often the bytes begin a frame. */
const triesPerByte = 64;

export class Scanned implements Framer {
  readonly quietMs = standstillMs;
  readonly #shape: FrameShape;
  readonly #setting: FramerSetting;
  readonly #pieces = new HeldBytes();
  #held = nothing;
  readonly #noisePieces = new HeldBytes();
  #noise = nothing;
  /** There was more of it than a frame may have, which was told, and no whole frame since. */
  #isFlooded = false;
  /** Bytes are looked at in vain until the first frame, and this is no damage. */
  #isJoining = true;
  /** What is behind the last whole frame was counted. */
  #isCounted = false;
  /** How far into the held bytes the last frame that failed reached. */
  #failedTo = 0;
  #tries = 0;
  readonly #swallowed: SwallowedFrames;
  /** So many bytes came since the opening. */
  #joinedBytes = 0;

  constructor(setting: FramerSetting, shape: FrameShape) {
    this.#setting = setting;
    this.#shape = shape;
    this.#swallowed = new SwallowedFrames(setting, shape);
  }

  begin(isQuiet: boolean): void {
    this.#held = nothing;
    this.#noise = nothing;
    this.#isFlooded = false;
    this.#isJoining = !isQuiet;
    this.#isCounted = false;
    this.#failedTo = 0;
    this.#joinedBytes = 0;
  }

  take(bytes: Uint8Array): void {
    const { maxBytes } = this.#setting;
    const most = triesPerByte * (bytes.length + maxBytes);
    this.#tries = Math.min(most, this.#tries + triesPerByte * bytes.length);
    this.#swallowed.came(bytes.length);
    this.#joinedBytes += bytes.length;
    // The rest of a frame and a whole one would have come by now: these are other bytes.
    if (this.#joinedBytes > 2 * maxBytes) this.#isJoining = false;
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
        const isTooLong = (length ?? 0) > maxBytes;
        const next = isOver || isTooLong ? held.length : this.#swallowed.find(held, at + 1);
        if (next === undefined) break;
        at = this.#fail(at, next, isTooLong ? "too-long" : "cut");
      } else if (length > maxBytes || length < 1) {
        const damage = length < 1 ? "coding" : "too-long";
        at = this.#fail(at, Math.min(held.length, at + maxBytes), damage);
      } else if (this.#fits(held.subarray(at, at + length))) {
        this.#tellNoise();
        this.#setting.ear.frame(held.subarray(at, at + length));
        this.#isJoining = false;
        this.#isCounted = false;
        this.#isFlooded = false;
        at += length;
        this.#failedTo = at;
      } else {
        at = this.#fail(at, at + length, this.#setting.check ? "checksum" : "coding");
      }
    }
    this.#held = held.subarray(at);
    this.#failedTo = Math.max(0, this.#failedTo - at);
  }

  #fits(frame: Buffer): boolean {
    this.#tries -= frame.length;
    return isFrame(frame, this.#shape, this.#setting.check);
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
    if (bytes.length === 0 || this.#isJoining || this.#isFlooded || !isNews) return;
    const skipped = this.#shape.isFixed ? Math.max(0, this.#failedTo - at) : 0;
    const room = this.#setting.maxBytes - this.#noise.length;
    this.#noise = this.#noisePieces.joined(
      this.#noise,
      bytes.subarray(skipped, skipped + Math.max(0, room)),
    );
    if (this.#noise.length < this.#setting.maxBytes) return;
    this.#tellNoise();
    this.#isFlooded = true;
  }

  #tellNoise(): void {
    const isMuch = this.#noise.length >= this.#setting.maxBytes;
    if (isMuch || !isFiller(this.#noise)) this.#setting.ear.damaged(this.#noise, "noise");
    this.#noise = nothing;
  }
}
