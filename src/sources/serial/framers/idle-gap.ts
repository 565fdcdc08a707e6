/** Frames that are told apart by silence alone. */
import { type FrameCheck, type Framer, type FramerSetting, nothing } from "./framer.ts";
import { HeldBytes } from "./held-bytes.ts";

export class IdleGap implements Framer {
  readonly quietMs: number;
  readonly #setting: FramerSetting;
  readonly #pieces = new HeldBytes();
  #held = nothing;
  #isWhole = false;
  #isTooLong = false;

  constructor(setting: FramerSetting, { gapMs }: { readonly gapMs: number }) {
    this.#setting = setting;
    this.quietMs = gapMs;
  }

  begin(isQuiet: boolean): void {
    this.#held = nothing;
    this.#isWhole = isQuiet;
    this.#isTooLong = false;
  }

  take(bytes: Uint8Array): void {
    if (this.#isTooLong) return;
    const { ear, maxBytes } = this.#setting;
    this.#held = this.#pieces.joined(this.#held, bytes);
    if (this.#held.length <= maxBytes) return;
    ear.damaged(this.#held.subarray(0, maxBytes), "too-long");
    this.#held = nothing;
    this.#isTooLong = true;
  }

  quiet(): void {
    const { check, ear } = this.#setting;
    const held = this.#held;
    const wasWhole = this.#isWhole;
    this.begin(true);
    if (held.length === 0) return;
    const frames = check === undefined ? [held] : framesIn(held, check);
    for (const frame of frames) if (wasWhole || check !== undefined) ear.frame(frame);
    if (frames.length === 0 && wasWhole) ear.damaged(held, "checksum");
  }

  end(): void {
    if (this.#isWhole && this.#held.length > 0) this.#setting.ear.damaged(this.#held, "cut");
    this.begin(false);
  }

  wrap(payload: Uint8Array): Uint8Array {
    return this.#setting.check?.added(payload) ?? payload;
  }
}

/** More is not looked through for the places where frames meet. */
const mostBytes = 512;
/** Nor are checksums tried over more for them: those of zeros fit at any length. */
const mostTriedBytes = 2 ** 19;

/** The frame; or several, whose silences were not seen because they were read late. None fits: nothing. */
function framesIn(held: Buffer, check: FrameCheck): Buffer[] {
  if (check.fits(held)) return [held];
  if (check.bytes < 2 || held.length > mostBytes) return [];
  let triedBytes = 0;
  // Of each beginning that frames make up wholly, where the last of them begins.
  const lastAt = new Map([[0, 0]]);
  for (let to = 1; to <= held.length; to += 1)
    for (const from of lastAt.keys()) {
      if (to - from <= check.bytes) continue;
      triedBytes += to - from;
      if (triedBytes > mostTriedBytes) return [];
      if (!check.fits(held.subarray(from, to))) continue;
      lastAt.set(to, from);
      break;
    }
  const frames: Buffer[] = [];
  for (let to = lastAt.has(held.length) ? held.length : 0; to > 0; to = lastAt.get(to) ?? 0)
    frames.unshift(held.subarray(lastAt.get(to) ?? 0, to));
  return frames;
}
