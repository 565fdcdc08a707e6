/** Checked packets of one connection that wait to be given out, in parts that fit a turn. */
import type { LargePublish } from "./large-publish.ts";

export class ReadyParts {
  #parts: (Buffer | LargePublish)[] = [];
  #bytes = 0;

  /** What waits. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Puts the bytes between two places behind the others, as a part of their own. */
  add(bytes: Buffer, from: number, to: number): void {
    if (from === to) return;
    this.#parts.push(from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to));
    this.#bytes += to - from;
  }

  addLarge(publish: LargePublish): void {
    this.#parts.push(publish);
    this.#bytes += publish.frame.length;
  }

  /**
   * Takes so many parts at most; undefined when there is none. The beginning of a message that is too
   * large comes alone, and `large` is told before.
   */
  take(parts: number, large: (publish: LargePublish) => void): Buffer | undefined {
    const [first] = this.#parts;
    if (first === undefined) return undefined;
    if (!Buffer.isBuffer(first)) {
      this.#parts.shift();
      this.#bytes -= first.frame.length;
      large(first);
      return first.frame;
    }
    const taken: Buffer[] = [];
    for (const part of this.#parts) {
      if (taken.length === parts || !Buffer.isBuffer(part)) break;
      taken.push(part);
    }
    this.#parts.splice(0, taken.length);
    const bytes = taken.length === 1 ? first : Buffer.concat(taken);
    this.#bytes -= bytes.length;
    return bytes;
  }

  clear(): void {
    this.#parts = [];
    this.#bytes = 0;
  }
}
