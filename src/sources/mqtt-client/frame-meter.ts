/** The size of each packet, known at its fifth byte at the latest: before it is gathered. */
export class FrameMeter {
  readonly #maxBytes: number;
  /** Bytes of the packet under way that are still to come; undefined while its length is read. */
  #rest: number | undefined;
  #isBegun = false;
  #length = 0;
  #factor = 1;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Takes the next bytes; gives the size of the first packet that is too large, if one is. */
  take(bytes: Uint8Array): number | undefined {
    let at = 0;
    while (at < bytes.length) {
      if (this.#rest !== undefined) {
        const step = Math.min(this.#rest, bytes.length - at);
        at += step;
        this.#rest -= step;
        if (this.#rest === 0) this.#rest = undefined;
        continue;
      }
      const byte = bytes[at] ?? 0;
      at += 1;
      if (!this.#isBegun) {
        this.#isBegun = true;
        continue;
      }
      this.#length += (byte & 0x7f) * this.#factor;
      this.#factor *= 128;
      if (byte >= 0x80) {
        // A length of five bytes is the parser's to refuse: nothing is gathered for it.
        if (this.#factor === 128 ** 4) return undefined;
        continue;
      }
      if (this.#length > this.#maxBytes) return this.#length;
      this.#rest = this.#length === 0 ? undefined : this.#length;
      this.#isBegun = false;
      this.#length = 0;
      this.#factor = 1;
    }
    return undefined;
  }
}
