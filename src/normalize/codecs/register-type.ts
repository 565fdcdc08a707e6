/** The types of values in registers: `u16`, `i32`, `f32`, `bcd(2)`, `text(8)`. */
import { ByteReader } from "./byte-reader.ts";
import { arranged, type RegisterOrder } from "./register-order.ts";
import { parseStructType, type Raw } from "./struct-type.ts";

export interface RegisterType {
  /** As profiles write it. */
  readonly text: string;
  readonly kind: "unsigned" | "signed" | "float" | "bcd" | "text" | "hex";
  /** How many registers. */
  readonly count: number;
  /** Of its registers, as they came. */
  read(bytes: Uint8Array, order: RegisterOrder): Raw;
}

const numbers = { u16: 1, i16: 1, u32: 2, i32: 2, u64: 4, i64: 4, f32: 2, f64: 4 } as const;
const kinds = { u: "unsigned", i: "signed", f: "float" } as const;
const counted = { bcd: 3, text: 125, hex: 125 } as const;

/** What a type says, or what is wrong with it. */
export function parseRegisterType(text: string): RegisterType | { readonly problem: string } {
  if (isKey(numbers, text)) {
    const letter = text.charAt(0);
    const kind = isKey(kinds, letter) ? kinds[letter] : "unsigned";
    return typeOf(text, kind, numbers[text], `${text}be`);
  }
  const [, word = "", inside = ""] = /^([a-z]+)\((\d{1,5})\)$/.exec(text) ?? [];
  if (!isKey(counted, word))
    return {
      problem: `"${text}" is not a type; write one as u16, i32, f32, bcd(2) or text(8)`,
    };
  const count = Number(inside);
  if (count < 1 || count > counted[word])
    return { problem: `${word} has 1 to ${counted[word]} registers, not ${inside}` };
  return typeOf(text, word, count, `${word}(${count * 2})`);
}

function typeOf(
  text: string,
  kind: RegisterType["kind"],
  count: number,
  layout: string,
): RegisterType | { readonly problem: string } {
  const type = parseStructType(layout);
  if ("problem" in type) return type;
  return {
    text,
    kind,
    count,
    read: (bytes, order) => {
      const own = kind === "text" || kind === "hex" ? withoutWords(order) : order;
      const size = typeof type.count === "number" ? type.count : 0;
      return type.read(new ByteReader(arranged(bytes, own)), size) ?? null;
    },
  };
}

/** The registers of a text stand in order, whatever the order in numbers; its bytes may not. */
export function withoutWords(order: RegisterOrder): RegisterOrder {
  return order === "BADC" || order === "DCBA" ? "BADC" : "ABCD";
}

function isKey<T extends object>(table: T, key: string | symbol): key is keyof T & string {
  return typeof key === "string" && Object.hasOwn(table, key);
}
