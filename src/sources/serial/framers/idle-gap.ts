/** Frames that are told apart by silence alone. */
import { type Framer, type FramerSetting, nothing } from "./framer.ts";
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
    const fits = check?.fits(held);
    if (fits === false) {
      if (wasWhole) ear.damaged(held, "checksum");
    } else if (wasWhole || fits === true) {
      ear.frame(held);
    }
  }

  end(): void {
    if (this.#isWhole && this.#held.length > 0) this.#setting.ear.damaged(this.#held, "cut");
    this.begin(false);
  }

  wrap(payload: Uint8Array): Uint8Array {
    return this.#setting.check?.added(payload) ?? payload;
  }
}
