/**
 * What readers of CBOR and MessagePack share: items that say their own type and length, one in another.
 *
 * Invariants
 * - The first thing that cannot be read is the `problem`; from then on nothing is read.
 * - A length that is declared is believed only as far as there are bytes; nothing is made in advance.
 */
import type { Decoded } from "./codec.ts";
import { finite, shortHalf, shortSingle } from "./floats.ts";
import { ReadLines } from "./lines.ts";
import { recordOf } from "./record-of.ts";
import { utf8Text } from "./utf8.ts";

/** The same as for JSON. */
const maxDepth = 64;

/** Lists, objects, tags and keys of one payload together: each takes more than its bytes say. */
const maxParts = 131_072;

/** How strings of bytes are written, since a value has none. */
export type BytesAs = "hex" | "base64url";

export class ItemReader {
  readonly read = new ReadLines();
  readonly #bytes: Buffer;
  readonly #view: DataView;
  readonly #bytesAs: BytesAs;
  #at = 0;
  #depth = 0;
  #parts = 0;
  #problem: string | undefined;

  constructor(bytes: Uint8Array, bytesAs: BytesAs = "hex") {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#bytesAs = bytesAs;
  }

  get failed(): boolean {
    return this.#problem !== undefined;
  }

  /** The next byte, which stays the next one; undefined behind the end. */
  get next(): number | undefined {
    return this.#bytes[this.#at];
  }

  /** Ends the reading; gives no value. */
  fail(problem: string): null {
    this.#problem ??= `${problem} at byte ${this.#at}`;
    return null;
  }

  /** An unsigned number of so many bytes, the highest first. */
  uint(size: 1 | 2 | 4): number {
    const at = this.#advance(size);
    return at === undefined ? 0 : this.#bytes.readUIntBE(at, size);
  }

  int(size: 1 | 2 | 4): number {
    const at = this.#advance(size);
    return at === undefined ? 0 : this.#bytes.readIntBE(at, size);
  }

  uint64(): bigint {
    const at = this.#advance(8);
    return at === undefined ? 0n : this.#view.getBigUint64(at);
  }

  int64(): bigint {
    const at = this.#advance(8);
    return at === undefined ? 0n : this.#view.getBigInt64(at);
  }

  float(size: 2 | 4 | 8): number | null {
    const at = this.#advance(size);
    if (at === undefined) return null;
    if (size === 2) return shortHalf(this.#view.getUint16(at));
    return size === 4 ? shortSingle(this.#view.getFloat32(at)) : finite(this.#view.getFloat64(at));
  }

  /** Fewer than wanted where the bytes end. */
  take(count: number | bigint): Buffer {
    const at = this.#advance(Number(count));
    return at === undefined ? this.#bytes.subarray(0, 0) : this.#bytes.subarray(at, this.#at);
  }

  text(count: number | bigint): string | null {
    const bytes = this.take(count);
    const text = utf8Text(bytes);
    if (text === null) this.read.misfit("a text is not UTF-8", bytes.toString("hex", 0, 16));
    return text;
  }

  written(bytes: Uint8Array): string {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(this.#bytesAs);
  }

  /** A whole number; one that a number cannot hold keeps its digits as a text. */
  whole(value: number | bigint): number | string {
    if (typeof value === "number") return value;
    const number = Number(value);
    if (Number.isSafeInteger(number)) return number;
    const digits = String(value);
    this.read.bigNumbers.add(digits);
    return digits;
  }

  /** Reads what is inside an item. */
  inside<T>(inner: () => T): T | null {
    if (this.#depth === maxDepth)
      return this.fail(`payload is nested deeper than ${maxDepth} lists and objects`);
    this.#countPart();
    this.#depth += 1;
    const value = inner();
    this.#depth -= 1;
    return value;
  }

  /** As many items as were declared; without a number, up to what `isEnd` takes away. */
  list(count: number | bigint | undefined, item: () => unknown, isEnd: () => boolean): unknown {
    return this.inside(() => {
      const items: unknown[] = [];
      this.#each(count, 1, isEnd, () => items.push(item()));
      return items;
    });
  }

  /** Pairs of items; a key that no text can be made of is left out with its value. */
  record(count: number | bigint | undefined, item: () => unknown, isEnd: () => boolean): unknown {
    return this.inside(() => {
      const entries: [string, unknown][] = [];
      this.#each(count, 2, isEnd, () => {
        this.#countPart();
        const key = item();
        const value = item();
        if (typeof key !== "object") entries.push([String(key), value]);
        else this.read.misfit("a key is no text and no number");
      });
      return recordOf(entries, this.read);
    });
  }

  /** The value with all that was taken down; NULs behind it are the rest of a buffer. */
  decoded(value: unknown): Decoded {
    if (this.#problem !== undefined) return { ok: false, reason: this.#problem };
    const rest = this.#bytes.subarray(this.#at);
    if (rest.some((byte) => byte !== 0))
      return { ok: false, reason: `${rest.length} bytes stand behind the value` };
    if (rest.length > 0) this.read.misfit(`${rest.length} NULs stand behind the value`);
    return this.read.decodedAs(value);
  }

  #countPart(): void {
    this.#parts += 1;
    if (this.#parts > maxParts)
      this.fail(`payload has more than ${maxParts} lists, objects and keys`);
  }

  #each(
    count: number | bigint | undefined,
    least: number,
    isEnd: () => boolean,
    one: () => void,
  ): void {
    const declared = Number(count ?? 0) * least;
    if (declared > this.#bytes.length - this.#at) {
      this.fail(`payload ends before the ${count} members that are declared`);
      return;
    }
    for (let n = 0; !this.failed && (count === undefined ? !isEnd() : n < count); n += 1) one();
  }

  /** Where that many bytes begin; undefined where there are fewer. */
  #advance(count: number): number | undefined {
    const at = this.#at;
    if (this.failed || count > this.#bytes.length - at) {
      this.fail(`payload ends after ${this.#bytes.length} bytes, in what begins`);
      return undefined;
    }
    this.#at += count;
    return at;
  }
}
