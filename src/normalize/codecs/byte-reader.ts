/** Reads bytes from front to back, also bit by bit. What is behind the end is undefined. */
export class ByteReader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  /** In bits from the start. */
  #at = 0;
  #furthest = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** In bytes; a byte that was begun counts. */
  get place(): number {
    return Math.ceil(this.#at / 8);
  }

  /** In bits, to see that something was read. */
  get bitPlace(): number {
    return this.#at;
  }

  /** Bytes that nothing has read. */
  get unread(): number {
    return this.bytes.byteLength - Math.ceil(this.#furthest / 8);
  }

  /** Goes to a byte; a negative one is counted from the end. */
  seek(place: number): void {
    this.#at = Math.max(0, place < 0 ? this.bytes.byteLength + place : place) * 8;
  }

  /** Whole bytes; the rest of one that was begun is passed over. */
  take(count: number): Uint8Array | undefined {
    const from = this.place;
    if (!(count >= 0) || from + count > this.bytes.byteLength) return undefined;
    this.#advance((from + count) * 8);
    return this.bytes.subarray(from, from + count);
  }

  /** A view of whole bytes, with the place of the first. */
  view(count: number): { readonly view: DataView; readonly at: number } | undefined {
    const at = this.place;
    return this.take(count) === undefined ? undefined : { view: this.#view, at };
  }

  /** Up to 32 bits, the highest of a byte first. */
  bits(count: number): number | undefined {
    if (this.#at + count > this.bytes.byteLength * 8) return undefined;
    let value = 0;
    for (let at = this.#at; at < this.#at + count; at += 1) {
      const byte = this.bytes[at >> 3] ?? 0;
      value = value * 2 + ((byte >> (7 - (at & 7))) & 1);
    }
    this.#advance(this.#at + count);
    return value;
  }

  /** Up to 32 bits, the lowest of a byte first; the first is the lowest of the value. */
  lowBits(count: number): number | undefined {
    if (this.#at + count > this.bytes.byteLength * 8) return undefined;
    let value = 0;
    for (let n = count - 1; n >= 0; n -= 1) {
      const at = this.#at + n;
      value = value * 2 + (((this.bytes[at >> 3] ?? 0) >> (at & 7)) & 1);
    }
    this.#advance(this.#at + count);
    return value;
  }

  #advance(to: number): void {
    this.#at = to;
    this.#furthest = Math.max(this.#furthest, to);
  }
}
