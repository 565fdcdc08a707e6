/** Reads the types of SML (BSI TR-03109-1): octet strings, booleans, whole numbers, lists. */

/** A value as it stands in the bytes. A number keeps how many bytes it had. */
export type SmlValue =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "boolean"; readonly value: boolean }
  | {
      readonly kind: "number";
      readonly value: bigint;
      readonly signed: boolean;
      readonly size: number;
    }
  | { readonly kind: "list"; readonly members: readonly SmlValue[] };

/** No list of SML lies deeper. */
const maxDepth = 8;

/** A meter tells some hundred values; each is an object here, if it is a single byte there. */
const maxValues = 16_384;

/** Counts as a value of its message. */
const endOfMessage = 0;

/** Why there is no value. */
export class SmlProblem {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

export class SmlReader {
  readonly bytes: Uint8Array;
  at = 0;
  #count = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** The next value; each byte is read once. */
  next(depth = 0): SmlValue | SmlProblem {
    const start = this.at;
    let head = this.bytes[this.at];
    if (head === undefined) return new SmlProblem(`the bytes end at ${start}`);
    this.#count += 1;
    if (this.#count > maxValues) return new SmlProblem(`there are more than ${maxValues} values`);
    const type = (head >> 4) & 0b111;
    let length = head & 0b1111;
    let heads = 1;
    while ((head & 0x80) !== 0) {
      head = this.bytes[start + heads];
      if (head === undefined || heads === 4)
        return new SmlProblem(`a length at ${start} has no end`);
      length = length * 16 + (head & 0b1111);
      heads += 1;
    }
    this.at = start + heads;
    if (type === 7) return this.#list(length, depth, start);
    if (head === endOfMessage) return { kind: "bytes", bytes: this.bytes.subarray(0, 0) };
    if (length < heads || start + length > this.bytes.length)
      return new SmlProblem(`a value at ${start} is longer than the bytes`);
    this.at = start + length;
    const bytes = this.bytes.subarray(start + heads, this.at);
    if (type === 0) return { kind: "bytes", bytes };
    if (type === 4 && bytes.length === 1) return { kind: "boolean", value: bytes[0] !== 0 };
    if ((type === 5 || type === 6) && bytes.length >= 1 && bytes.length <= 8)
      return {
        kind: "number",
        value: numberIn(bytes, type === 5),
        signed: type === 5,
        size: bytes.length,
      };
    return new SmlProblem(`a value at ${start} has a type that SML does not know`);
  }

  #list(length: number, depth: number, start: number): SmlValue | SmlProblem {
    if (depth === maxDepth) return new SmlProblem(`a list at ${start} lies too deep`);
    const members: SmlValue[] = [];
    while (members.length < length) {
      const member = this.next(depth + 1);
      if (member instanceof SmlProblem) return member;
      members.push(member);
    }
    return { kind: "list", members };
  }
}

function numberIn(bytes: Uint8Array, signed: boolean): bigint {
  const value = BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
  return signed ? BigInt.asIntN(bytes.length * 8, value) : value;
}
