/**
 * The transport of SML (version 1): four bytes 1B and four 01 begin a file, four 1B and a 1A end it,
 * with the number of bytes that fill it up and a CRC. A frame is handed over with all of them.
 *
 * The CRC is X.25; meters by Holley write Kermit there, so both are taken.
 */
import { checksumOf } from "../../../core/checksums.ts";
import { isFiller } from "./filler.ts";
import { type Damage, type Framer, type FramerSetting, nothing } from "./framer.ts";
import { HeldBytes } from "./held-bytes.ts";

const escapeMark = 0x1b1b1b1b;
const start = Buffer.from("1b1b1b1b01010101", "hex");
const endMark = 0x1a;

export class SmlTransport implements Framer {
  readonly quietMs = undefined;
  readonly #setting: FramerSetting;
  readonly #pieces = new HeldBytes();
  #held = nothing;
  #isBegun = false;
  /** So far the file under way was looked through: no byte is twice, however few come at a time. */
  #seen = 0;
  #isJoining = true;
  /** So many bytes came since the opening, and no file began. */
  #joinedBytes = 0;
  #isCounted = false;

  constructor(setting: FramerSetting) {
    this.#setting = setting;
  }

  begin(isQuiet: boolean): void {
    this.#held = nothing;
    this.#isBegun = false;
    this.#isJoining = !isQuiet;
    this.#joinedBytes = 0;
    this.#isCounted = false;
  }

  take(bytes: Uint8Array): void {
    this.#held = this.#pieces.joined(this.#held, bytes);
    while (this.#isBegun ? this.#goOn() : this.#findStart()) {
      // As long as there is something to be found.
    }
  }

  quiet(): void {}

  end(): void {
    if (this.#isBegun) this.#drop(this.#held.length, "cut");
    this.begin(false);
  }

  wrap(payload: Uint8Array): Uint8Array {
    return payload;
  }

  #findStart(): boolean {
    const held = this.#held;
    const at = held.indexOf(start);
    const from = at < 0 ? Math.max(0, held.length - start.length + 1) : at;
    this.#joinedBytes += from;
    // The rest of a file would have ended by now.
    if (this.#joinedBytes > this.#setting.maxBytes) this.#isJoining = false;
    const passed = held.subarray(0, Math.min(from, this.#setting.maxBytes));
    if (!this.#isJoining && !this.#isCounted && !isFiller(passed)) {
      this.#isCounted = true;
      this.#setting.ear.damaged(passed, "noise");
    }
    this.#held = held.subarray(from);
    this.#isBegun = at >= 0;
    this.#seen = start.length;
    return this.#isBegun;
  }

  /** False while the file goes on. */
  #goOn(): boolean {
    const held = this.#held;
    const again = held.indexOf(start, Math.max(start.length, this.#seen - start.length));
    const limit = again < 0 ? held.length : again;
    while (this.#seen + 8 <= limit) {
      const at = this.#seen;
      this.#seen += 4;
      if (held.readUInt32BE(at) !== escapeMark) continue;
      if (held.readUInt32BE(at + 4) === escapeMark) this.#seen += 4;
      else if (held[at + 4] === endMark) return this.#close(at + 8);
      else return this.#drop(at + 1, "coding");
    }
    if (again >= 0) return this.#drop(again, "cut");
    return held.length > this.#setting.maxBytes ? this.#drop(held.length, "too-long") : false;
  }

  #close(to: number): boolean {
    const frame = this.#held.subarray(0, to);
    if (to > this.#setting.maxBytes) return this.#drop(to, "too-long");
    const covered = frame.subarray(0, to - 2);
    const written = frame.readUInt16LE(to - 2);
    if (
      checksumOf("crc16-x25", covered) !== written &&
      checksumOf("crc16-kermit", covered) !== written
    )
      // Where this one lacks bytes of its end, those of the next were taken for them.
      return this.#drop(to - start.length + 1, "checksum");
    this.#held = this.#held.subarray(to);
    this.#isBegun = false;
    this.#isJoining = false;
    this.#isCounted = false;
    this.#setting.ear.frame(frame);
    return this.#held.length > 0;
  }

  #drop(to: number, damage: Damage): boolean {
    const { ear, maxBytes } = this.#setting;
    ear.damaged(this.#held.subarray(0, Math.min(to, maxBytes)), damage);
    this.#held = this.#held.subarray(to);
    this.#isBegun = false;
    this.#isJoining = false;
    this.#isCounted = true;
    return this.#held.length > 0;
  }
}
