/** What a value means, now that its type is known. */
import { shortSingle } from "../floats.ts";
import { arrayValues } from "./array-values.ts";
import { type DataType, wholeBits } from "./data-type.ts";
import { type Meant, realNumber, type Unmeant, wholeNumber } from "./meant.ts";
import type { Varint } from "./protobuf-reader.ts";
import type { RawValue } from "./raw-value.ts";

/** A list where the type is one of arrays; undefined for what is neither a list nor one value. */
export function meaningOf(
  raw: RawValue,
  type: DataType | undefined,
): Meant | readonly Meant[] | Unmeant | undefined {
  switch (raw.kind) {
    case "int":
    case "long":
      return typedWhole(raw, type);
    case "float":
      return isNumeric(type) ? shortSingle(raw.value) : unmeant("a number", type);
    case "double":
      return isNumeric(type) ? ofDouble(raw.value, type) : unmeant("a number", type);
    case "boolean":
      return type === undefined || type === "Boolean" ? raw.value : unmeant("a boolean", type);
    case "string":
      return type === undefined || texts.has(type) ? raw.value : unmeant("a text", type);
    case "bytes":
      return type === undefined ? undefined : arrayValues(raw.value, type);
    default:
      return undefined;
  }
}

const texts: ReadonlySet<DataType> = new Set(["String", "Text", "UUID"]);

function isNumeric(type: DataType | undefined): boolean {
  return type === undefined || type === "Float" || type === "Double" || wholeBits.has(type);
}

/**
 * Whole numbers with a sign are two's complements in fields without one. Some encoders fill 32 bits
 * with the sign, some 64, some only those of the type; and some put 32 bits into the field for 64.
 */
function typedWhole(
  { kind, value }: { readonly kind: "int" | "long"; readonly value: Varint },
  type: DataType | undefined,
): Meant | Unmeant {
  if (type === "Boolean") return value === 0 || value === 1 ? value === 1 : unmeant(value, type);
  if (type === "Float" || type === "Double")
    return wholeNumber(signed(value, kind === "int" ? 32 : 64));
  const bits = wholeBits.get(type);
  if (bits === undefined) return type === undefined ? untyped(kind, value) : unmeant(value, type);
  if (typeof value === "number" && value < 2 ** (Math.min(Math.abs(bits), 32) - 1)) return value;
  const big = BigInt(value);
  if (bits > 0) {
    const whole = kind === "int" ? BigInt.asUintN(32, big) : big;
    return whole < 1n << BigInt(bits) ? wholeNumber(whole) : unmeant(value, type);
  }
  const limit = 1n << BigInt(-bits - 1);
  if (big < limit * 2n) return wholeNumber(BigInt.asIntN(-bits, big));
  for (const width of [32, 64]) {
    const number = BigInt.asIntN(width, big);
    if (big < 1n << BigInt(width) && number >= -limit && number < limit) return wholeNumber(number);
  }
  return unmeant(value, type);
}

/** Nobody knows whether the highest bit is a sign. */
function untyped(kind: "int" | "long", value: Varint): Meant | Unmeant {
  if (BigInt(value) < 1n << (kind === "int" ? 31n : 63n)) return wholeNumber(BigInt(value));
  return { problem: `is ${value}, or negative: nothing says of which type it is` };
}

function signed(value: Varint, width: number): bigint {
  return BigInt.asIntN(width, BigInt(value));
}

function ofDouble(value: number, type: DataType | undefined): Meant {
  return type === "Float" && Math.fround(value) === value ? shortSingle(value) : realNumber(value);
}

function unmeant(found: Varint | string, type: DataType | undefined): Unmeant {
  return { problem: `is ${found}, not a ${type}` };
}
