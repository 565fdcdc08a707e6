/** Joins the pieces in which a frame arrives, without copying what is there for each of them. */
import { asBuffer } from "./framer.ts";

export class HeldBytes {
  #store: Buffer = Buffer.alloc(0);
  /** Behind here nothing was written, and nobody looks. */
  #end = 0;

  /** Both, one behind the other; `held` is what is left of what was joined last. */
  joined(held: Buffer, bytes: Uint8Array): Buffer {
    if (held.length === 0) return asBuffer(bytes);
    const isOwn =
      held.buffer === this.#store.buffer &&
      held.byteOffset + held.length === this.#store.byteOffset + this.#end;
    if (!isOwn || this.#end + bytes.length > this.#store.length) {
      this.#store = Buffer.allocUnsafe(2 * (held.length + bytes.length));
      this.#end = held.copy(this.#store);
    }
    this.#store.set(bytes, this.#end);
    const from = this.#end - held.length;
    this.#end += bytes.length;
    return this.#store.subarray(from, this.#end);
  }
}
