/**
 * Reads the wire format of Protocol Buffers, field by field. What breaks the format ends the reading
 * and stands in `problem`, which all readers of one payload share.
 */

/** As a field is encoded. */
export const wireTypes = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** An unsigned number of up to 64 bits; a bigint only where a number cannot hold it. */
export type Varint = number | bigint;

/** Messages in messages. */
const deepest = 16;

/** What the readers of one payload have in common. */
interface Reading {
  readonly bytes: Buffer;
  problem: string | undefined;
  /** Objects that may still be made of the payload. */
  objectsLeft: number;
}

export class ProtobufReader {
  /** The number of the field that `next` came to. */
  field = 0;
  /** And how it is encoded. */
  wireType = 0;
  readonly #reading: Reading;
  readonly #to: number;
  readonly #depth: number;
  #at: number;

  private constructor(reading: Reading, from: number, to: number, depth: number) {
    this.#reading = reading;
    this.#at = from;
    this.#to = to;
    this.#depth = depth;
  }

  /** `mostObjects` is how many `counts` may say yes to. */
  static of(bytes: Uint8Array, mostObjects: number): ProtobufReader {
    const { buffer, byteLength, byteOffset } = bytes;
    const reading = {
      bytes: Buffer.from(buffer, byteOffset, byteLength),
      problem: undefined,
      objectsLeft: mostObjects,
    };
    return new ProtobufReader(reading, 0, bytes.byteLength, 0);
  }

  /** What is wrong with the payload, in words. */
  get problem(): string | undefined {
    return this.#reading.problem;
  }

  /** False where there are too many objects in the payload. */
  counts(): boolean {
    this.#reading.objectsLeft -= 1;
    return this.#reading.objectsLeft >= 0 || this.#fail("the payload has too many parts");
  }

  /** Goes to the next field, whose value then has to be read or skipped; false at the end. */
  next(): boolean {
    if (this.#reading.problem !== undefined || this.#at >= this.#to) return false;
    const tag = this.varint();
    if (typeof tag === "bigint" || tag > 0xffff_ffff) return this.#fail("a tag is too long");
    this.wireType = tag & 7;
    this.field = Math.floor(tag / 8);
    return this.field > 0 || this.#fail("a field has the number 0");
  }

  /** 0 where the format is broken. */
  varint(): Varint {
    const { bytes } = this.#reading;
    let low = 0;
    let middle = 0;
    let high = 0;
    for (let place = 0; place < 10; place += 1) {
      const byte = this.#at < this.#to ? bytes[this.#at] : undefined;
      if (byte === undefined) return this.#cut();
      this.#at += 1;
      const part = byte & 0x7f;
      if (place < 4) low += part * 2 ** (7 * place);
      else if (place < 8) middle += part * 2 ** (7 * (place - 4));
      else high += part * 2 ** (7 * (place - 8));
      if (byte < 0x80) return join(low, middle, high);
    }
    this.#fail("a number has more than 10 bytes");
    return 0;
  }

  float(): number {
    const at = this.#take(4);
    return at === undefined ? 0 : this.#reading.bytes.readFloatLE(at);
  }

  double(): number {
    const at = this.#take(8);
    return at === undefined ? 0 : this.#reading.bytes.readDoubleLE(at);
  }

  bytes(): Uint8Array {
    const length = this.#length();
    const at = this.#take(length);
    return at === undefined ? noBytes : this.#reading.bytes.subarray(at, at + length);
  }

  text(): string {
    const length = this.#length();
    const at = this.#take(length);
    return at === undefined ? "" : this.#reading.bytes.toString("utf8", at, at + length);
  }

  /** A message that stands in this one; empty where the format is broken. */
  inner(): ProtobufReader {
    const length = this.#length();
    const from = this.#take(length) ?? this.#to;
    if (this.#depth === deepest) this.#fail(`messages are nested more than ${deepest} deep`);
    const to = this.#reading.problem === undefined ? from + length : from;
    return new ProtobufReader(this.#reading, from, to, this.#depth + 1);
  }

  /** Passes over the value of a field that nobody knows. */
  skip(): void {
    if (this.wireType === wireTypes.varint) this.varint();
    else if (this.wireType === wireTypes.fixed64) this.#take(8);
    else if (this.wireType === wireTypes.bytes) this.#take(this.#length());
    else if (this.wireType === wireTypes.fixed32) this.#take(4);
    else this.#fail(`the wire type ${this.wireType} is not read`);
  }

  #length(): number {
    const length = this.varint();
    return typeof length === "bigint" ? Number.MAX_SAFE_INTEGER : length;
  }

  #take(count: number): number | undefined {
    const at = this.#at;
    if (at + count > this.#to) {
      this.#cut();
      return undefined;
    }
    this.#at = at + count;
    return at;
  }

  #cut(): number {
    this.#fail("the payload ends within a field");
    return 0;
  }

  #fail(problem: string): false {
    this.#reading.problem ??= problem;
    this.#at = this.#to;
    return false;
  }
}

const noBytes = new Uint8Array(0);

function join(low: number, middle: number, high: number): Varint {
  if (high === 0 && middle < 2 ** 25) return low + middle * 2 ** 28;
  return BigInt.asUintN(64, BigInt(low) + (BigInt(middle) << 28n) + (BigInt(high) << 56n));
}
