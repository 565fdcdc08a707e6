/**
 * A frame whose length is damaged waits for bytes that are those of others, for minutes where it says
 * thousands. It is given up as soon as whole frames follow one another inside it.
 *
 * Two of them are asked for, and as many as it takes that chance is no explanation. So bytes that are a
 * part of a frame are hardly taken for frames; a frame that carries several whole ones of its own kind
 * is, and cannot be read.
 */
import { type FrameShape, findStart, isFrame } from "./frame-shape.ts";
import type { FramerSetting } from "./framer.ts";

/** Bytes that have to be right: chance makes them once in 256 to this power. */
const tellingBytes = 6;
/** Places that are looked at for each byte that comes, and bytes that checksums are tried over. */
const stepsPerByte = 64;

export class SwallowedFrames {
  readonly #shape: FrameShape;
  readonly #setting: FramerSetting;
  /** How many have to follow one another. */
  readonly #enough: number;
  #steps = 0;

  constructor(setting: FramerSetting, shape: FrameShape) {
    this.#setting = setting;
    this.#shape = shape;
    const proof = (setting.check?.bytes ?? 0) + shape.end.length;
    this.#enough =
      proof === 0 ? Infinity : Math.max(2, Math.ceil(tellingBytes / (proof + shape.start.length)));
  }

  /** So many bytes came. */
  came(bytes: number): void {
    const { maxBytes } = this.#setting;
    this.#steps = Math.min(this.#steps + stepsPerByte * bytes, stepsPerByte * (bytes + maxBytes));
  }

  /** Where the first of them begins, at `from` or behind it; undefined while there are none. */
  find(held: Buffer, from: number): number | undefined {
    if (this.#enough === Infinity) return undefined;
    const { start } = this.#shape;
    for (let at = findStart(held, start, from); at < held.length && this.#steps > 0; ) {
      if (this.#follow(held, at)) return at;
      at = findStart(held, start, at + 1);
    }
    return undefined;
  }

  #follow(held: Buffer, from: number): boolean {
    const { lengthAt, start } = this.#shape;
    let at = from;
    for (let count = 0; count < this.#enough; count += 1) {
      this.#steps -= 1;
      if (findStart(held.subarray(at, at + start.length), start, 0) > 0) return false;
      const length = lengthAt(held, at);
      if (length === undefined || length < 1 || at + length > held.length) return false;
      this.#steps -= length;
      if (!isFrame(held.subarray(at, at + length), this.#shape, this.#setting.check)) return false;
      at += length;
    }
    return true;
  }
}
