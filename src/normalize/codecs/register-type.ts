/** The types of values in registers: `u16`, `i32`, `f32`, `bcd(2)`, `text(8)`. */
import { ByteReader } from "./byte-reader.ts";
import { arranged, type RegisterOrder } from "./register-order.ts";
import { parseStructType, type Raw } from "./struct-type.ts";

/** `size`: sign and size; `mod10k`: four decimal digits a register; `chars`: a character a register. */
export type RegisterKind =
  | ("unsigned" | "signed" | "size" | "float" | "bcd" | "mod10k")
  | ("text" | "chars" | "hex");

export interface RegisterType {
  /** As profiles write it. */
  readonly text: string;
  readonly kind: RegisterKind;
  /** How many registers. */
  readonly count: number;
  /** Of its registers, as they came. */
  read(bytes: Uint8Array, order: RegisterOrder): Raw;
}

const numbers = {
  ...{ u16: 1, i16: 1, u32: 2, i32: 2, u48: 3, i48: 3, u64: 4, i64: 4 },
  ...{ sm16: 1, sm32: 2, f32: 2, f64: 4 },
} as const;
const kinds = { u: "unsigned", i: "signed", s: "size", f: "float" } as const;
const counted = { bcd: 3, mod10k: 4, text: 125, chars: 125, hex: 125 } as const;

/** What a type says, or what is wrong with it. */
export function parseRegisterType(text: string): RegisterType | { readonly problem: string } {
  if (isKey(numbers, text)) {
    const letter = text.charAt(0);
    const kind = isKey(kinds, letter) ? kinds[letter] : "unsigned";
    return typeOf(text, kind, numbers[text], `${text}be`);
  }
  const [, word = "", inside = ""] = /^([a-z0-9]+)\((\d{1,5})\)$/.exec(text) ?? [];
  if (!isKey(counted, word))
    return {
      problem: `"${text}" is not a type; write one as u16, i32, f32, bcd(2) or text(8)`,
    };
  const count = Number(inside);
  if (count < 1 || count > counted[word])
    return { problem: `${word} has 1 to ${counted[word]} registers, not ${inside}` };
  if (word === "mod10k")
    return { text, kind: word, count, read: (bytes, order) => mod10k(arranged(bytes, order)) };
  if (word === "chars") return typeOf(text, word, count, `text(${count})`);
  return typeOf(text, word, count, `${word}(${count * 2})`);
}

function typeOf(
  text: string,
  kind: RegisterKind,
  count: number,
  layout: string,
): RegisterType | { readonly problem: string } {
  const type = parseStructType(layout);
  if ("problem" in type) return type;
  return {
    ...{ text, kind, count },
    read: (bytes, order) => {
      const placed = arranged(bytes, isOfText(kind) ? withoutWords(order) : order);
      const own = kind === "chars" ? placed.filter((_, at) => at % 2 === 1) : placed;
      const size = typeof type.count === "number" ? type.count : 0;
      return type.read(new ByteReader(own), size) ?? null;
    },
  };
}

/** Each register holds four decimal digits; one that holds more is none. */
function mod10k(bytes: Uint8Array): Raw {
  let value = 0n;
  for (let at = 0; at < bytes.length; at += 2) {
    const digits = (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
    if (digits > 9_999) return null;
    value = value * 10_000n + BigInt(digits);
  }
  return value;
}

/** True for what is no number. */
export function isOfText(kind: RegisterKind): boolean {
  return kind === "text" || kind === "chars" || kind === "hex";
}

/** The registers of a text stand in order, whatever the order in numbers; its bytes may not. */
export function withoutWords(order: RegisterOrder): RegisterOrder {
  return order === "BADC" || order === "DCBA" ? "BADC" : "ABCD";
}

function isKey<T extends object>(table: T, key: string | symbol): key is keyof T & string {
  return typeof key === "string" && Object.hasOwn(table, key);
}
