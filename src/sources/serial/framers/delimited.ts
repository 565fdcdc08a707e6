/** What the framings have in common that end each frame with bytes of their own. */
import { asBuffer, type Damage, type Framer, type FramerSetting, nothing } from "./framer.ts";
import { HeldBytes } from "./held-bytes.ts";

/** Where the next end of a frame is. */
export interface FrameEnd {
  readonly at: number;
  readonly bytes: number;
}

/** What one framing does otherwise. */
export interface Delimiting {
  /** The first end at `from` or behind it. */
  readonly findEnd: (bytes: Buffer, from: number) => FrameEnd | undefined;
  /** The most bytes that an end has. */
  readonly endBytes: number;
  /** What stands between two ends; undefined where that is nothing. */
  readonly read: (segment: Buffer) => Buffer | Damage | undefined;
  readonly wrap: (payload: Uint8Array) => Uint8Array;
}

export class Delimited implements Framer {
  readonly quietMs = undefined;
  readonly #delimiting: Delimiting;
  readonly #setting: FramerSetting;
  readonly #pieces = new HeldBytes();
  #held = nothing;
  /** The held bytes are from the beginning of a frame on. */
  #isWhole = false;
  /** The frame under way is too long; what is left of it is passed over. */
  #isTooLong = false;

  constructor(setting: FramerSetting, delimiting: Delimiting) {
    this.#setting = setting;
    this.#delimiting = delimiting;
  }

  begin(isQuiet: boolean): void {
    this.#held = nothing;
    this.#isWhole = isQuiet;
    this.#isTooLong = false;
  }

  take(bytes: Uint8Array): void {
    const { endBytes, findEnd } = this.#delimiting;
    const seen = Math.max(0, this.#held.length - endBytes + 1);
    const all = this.#pieces.joined(this.#held, bytes);
    let from = 0;
    for (let end = findEnd(all, seen); end !== undefined; end = findEnd(all, from)) {
      this.#close(all.subarray(from, end.at));
      from = end.at + end.bytes;
    }
    this.#held = all.subarray(from);
    const { ear, maxBytes } = this.#setting;
    if (this.#held.length <= maxBytes) return;
    // Also who joined in the middle of it has heard more than a frame may have.
    if (!this.#isTooLong) ear.damaged(this.#held.subarray(0, maxBytes), "too-long");
    this.#isTooLong = true;
    this.#held = Buffer.from(this.#held.subarray(this.#held.length - endBytes + 1));
  }

  quiet(): void {}

  end(): void {
    if (this.#isWhole && !this.#isTooLong && this.#held.length > 0)
      this.#setting.ear.damaged(this.#held, "cut");
    this.begin(false);
  }

  wrap(payload: Uint8Array): Uint8Array {
    return this.#delimiting.wrap(this.#setting.check?.added(payload) ?? payload);
  }

  #close(segment: Buffer): void {
    const { check, ear, maxBytes } = this.#setting;
    const wasWhole = this.#isWhole;
    const wasTooLong = this.#isTooLong;
    this.#isWhole = true;
    this.#isTooLong = false;
    if (wasTooLong) return;
    const read = segment.length > maxBytes ? "too-long" : this.#delimiting.read(segment);
    if (read === undefined) return;
    const damage =
      typeof read === "string" ? read : check?.fits(read) === false ? "checksum" : undefined;
    if (damage === undefined && typeof read !== "string") {
      // Without a checksum nobody can tell the rest of a frame from a whole one.
      if (wasWhole || check !== undefined) ear.frame(read);
    } else if (damage !== undefined && wasWhole) {
      ear.damaged(asBuffer(segment).subarray(0, maxBytes), damage);
    }
  }
}
