/** Telegrams of many lines, with bytes that they begin with and bytes that they end with. */
import { type Damage, type Framer, type FramerSetting, nothing } from "./framer.ts";
import { HeldBytes } from "./held-bytes.ts";

export interface TelegramLayout {
  /** How each begins; nothing where one follows the other. Where it comes again, the one before is cut. */
  readonly start: Uint8Array;
  readonly end: Uint8Array;
  /** What is left behind `end`: the rest of its line, which is not handed over, or so many bytes. */
  readonly tail: "line" | number;
}

const lf = 0x0a;

export class Telegram implements Framer {
  readonly quietMs = undefined;
  readonly #setting: FramerSetting;
  readonly #layout: TelegramLayout;
  readonly #pieces = new HeldBytes();
  #held = nothing;
  /** How far into the held bytes neither a start nor an end was found. */
  #seen = 0;
  #isBegun = false;
  #isJoining = true;
  /** What is behind the last telegram that was whole was counted. */
  #isCounted = false;
  /** It begins with what may be the last byte of the one before, or its own first where that was cut. */
  #isDoubtful = false;

  constructor(setting: FramerSetting, layout: TelegramLayout) {
    this.#setting = setting;
    this.#layout = layout;
  }

  begin(isQuiet: boolean): void {
    this.#held = nothing;
    this.#isJoining = !isQuiet;
    this.#isCounted = false;
    this.#isDoubtful = false;
    this.#isBegun = false;
  }

  take(bytes: Uint8Array): void {
    this.#held = this.#pieces.joined(this.#held, bytes);
    while (this.#isBegun ? this.#goOn() : this.#findStart()) {
      // As long as there is something to be found.
    }
  }

  quiet(): void {}

  end(): void {
    if (this.#isBegun && this.#held.length > 0) this.#damaged(this.#held, "cut");
    this.begin(false);
  }

  wrap(payload: Uint8Array): Uint8Array {
    return this.#setting.check?.added(payload) ?? payload;
  }

  #findStart(): boolean {
    const { start } = this.#layout;
    const at = this.#held.indexOf(start);
    this.#seen = start.length;
    if (at >= 0) {
      this.#pass(this.#held.subarray(0, at));
      this.#held = this.#held.subarray(at);
      this.#isBegun = true;
      return true;
    }
    // Kept as long as it may be a telegram whose beginning is damaged.
    const { maxBytes } = this.#setting;
    if (this.#held.length > maxBytes + start.length) {
      const from = this.#held.length - start.length + 1;
      // More than a telegram may have, and no beginning in it.
      if (!this.#isCounted) this.#damaged(this.#held.subarray(0, maxBytes), "noise");
      this.#held = Buffer.from(this.#held.subarray(from));
    }
    return false;
  }

  /** False while the telegram goes on. */
  #goOn(): boolean {
    const { end, start, tail } = this.#layout;
    const { maxBytes } = this.#setting;
    const held = this.#held;
    const from = Math.max(start.length, this.#seen - Math.max(start.length, end.length));
    const again = start.length === 0 ? -1 : held.indexOf(start, from);
    const found = held.indexOf(end, from);
    if (again < 0 && found < 0) this.#seen = held.length;
    const to = found < 0 ? undefined : this.#tailEnd(found + end.length);
    const covered = tail === "line" ? to : found;
    if (again >= 0 && (to === undefined || again < (covered ?? 0))) return this.#drop(again, "cut");
    if (to !== undefined && to <= held.length) return this.#close(to);
    return held.length > maxBytes ? this.#drop(maxBytes, "too-long") : false;
  }

  /** Where a telegram ends; undefined while that is not to be seen yet. */
  #tailEnd(from: number): number | undefined {
    const { tail } = this.#layout;
    if (tail !== "line") return from + tail;
    const at = this.#held.indexOf(lf, from);
    return at < 0 ? undefined : at + 1;
  }

  #close(to: number): boolean {
    const { check, ear, maxBytes } = this.#setting;
    let last = to;
    if (this.#layout.tail === "line") last = trimmed(this.#held, to);
    const frame = this.#held.subarray(0, last);
    const isJoining = this.#isJoining && this.#layout.start.length === 0;
    const fits = check?.fits(frame);
    if (frame.length > maxBytes) return this.#drop(to, "too-long");
    if (fits === false) return this.#drop(to, "checksum");
    if (!isJoining || fits === true) ear.frame(frame);
    const shared = fits === true ? 0 : this.#shared(to);
    this.#held = this.#held.subarray(to - shared);
    this.#isBegun = false;
    this.#isJoining = false;
    this.#isCounted = false;
    this.#isDoubtful = shared > 0;
    return this.#held.length > shared;
  }

  /** How many bytes behind the end may be the start of the next, where this one lacks as many. */
  #shared(to: number): number {
    const { start, tail } = this.#layout;
    if (tail === "line") return 0;
    let count = Math.min(tail, start.length);
    while (count > 0 && !this.#held.subarray(to - count, to).equals(start.subarray(0, count)))
      count -= 1;
    return count;
  }

  #drop(to: number, damage: Damage): boolean {
    this.#damaged(this.#held.subarray(0, Math.min(to, this.#setting.maxBytes)), damage);
    this.#held = this.#held.subarray(to);
    this.#isBegun = false;
    this.#isDoubtful = false;
    // A telegram that ended is the end of joining, whatever it held.
    if (damage !== "too-long") this.#isJoining = false;
    return this.#held.length > 0;
  }

  #damaged(bytes: Buffer, damage: Damage): void {
    const isJoining = this.#isJoining && this.#layout.start.length === 0 && damage !== "too-long";
    if (!isJoining && !this.#isDoubtful) this.#setting.ear.damaged(bytes, damage);
    this.#isCounted = true;
  }

  /** Bytes between two telegrams. Many send something there; with an end in it, it was one. */
  #pass(bytes: Buffer): void {
    if (this.#isJoining || this.#isCounted || bytes.indexOf(this.#layout.end) < 0) return;
    this.#damaged(bytes.subarray(0, this.#setting.maxBytes), "noise");
  }
}

/** The end without CR and LF. */
function trimmed(bytes: Buffer, to: number): number {
  let last = to;
  while (last > 0 && (bytes[last - 1] === lf || bytes[last - 1] === 0x0d)) last -= 1;
  return last;
}
