/** What goes into one frame of a line: a text, or bytes in hex with values between them. */
import {
  fillText,
  missing,
  type Problem,
  parseText,
  type TextPart,
  type WordValues,
} from "./text-template.ts";

const types = [
  ...["u8", "i8", "u16be", "u16le", "i16be", "i16le"],
  ...["u32be", "u32le", "i32be", "i32le", "f32be", "f32le", "f64be", "f64le"],
] as const;

export type FramePart =
  | { readonly text: readonly TextPart[] }
  | { readonly bytes: Uint8Array }
  | { readonly word: string; readonly type: string };

/** A text of one line; what is filled in may not begin another. */
export function parseFrameText(text: string): readonly FramePart[] {
  return [{ text: parseText(text) }];
}

/** Bytes in hex, with `{word:type}` between them. */
export function parseFrameHex(text: string): readonly FramePart[] | Problem {
  const parts: FramePart[] = [];
  for (const token of text.split(/\s+/).filter((one) => one !== "")) {
    const [, word, type] = /^\{([a-z][a-z0-9_]*):([a-z0-9]+)\}$/.exec(token) ?? [];
    if (word !== undefined && type !== undefined) {
      if (!types.some((one) => one === type))
        return { problem: `"${type}" is no type of bytes; there are ${types.join(", ")}` };
      parts.push({ word, type });
    } else if (/^(?:[0-9a-f]{2})+$/i.test(token)) parts.push({ bytes: Buffer.from(token, "hex") });
    else return { problem: `"${token}" is neither hex nor {word:type}` };
  }
  return parts;
}

export function wordsOfFrame(parts: readonly FramePart[]): string[] {
  return parts.flatMap((part) => {
    if ("word" in part) return part.word;
    return "text" in part
      ? part.text.flatMap((one) => (typeof one === "string" ? [] : one.word))
      : [];
  });
}

export function fillFrame(parts: readonly FramePart[], values: WordValues): Uint8Array | Problem {
  const filled: Uint8Array[] = [];
  for (const part of parts) {
    const bytes = fillPart(part, values);
    if ("problem" in bytes) return bytes;
    filled.push(bytes);
  }
  return Buffer.concat(filled);
}

function fillPart(part: FramePart, values: WordValues): Uint8Array | Problem {
  if ("bytes" in part) return part.bytes;
  if ("word" in part) {
    const value = values.get(part.word);
    if (value === undefined) return missing(part);
    return bytesOf(Number(value), part);
  }
  for (const one of part.text)
    if (typeof one !== "string" && /[\p{Cc}\p{Cs}]/u.test(String(values.get(one.word) ?? "")))
      return { problem: `{${one.word}} has a control character, which a line cannot carry` };
  const text = fillText(part.text, values);
  return typeof text === "string" ? Buffer.from(text) : text;
}

function bytesOf(
  value: number,
  part: { readonly word: string; readonly type: string },
): Uint8Array | Problem {
  const [, kind = "", bits = "8", order = "be"] = /^([uif])(\d+)(be|le)?$/.exec(part.type) ?? [];
  const size = Number(bits) / 8;
  const view = new DataView(new ArrayBuffer(size));
  const isLittle = order === "le";
  if (kind === "f") {
    if (size === 4) view.setFloat32(0, value, isLittle);
    else view.setFloat64(0, value, isLittle);
    const isHeld = Number.isFinite(size === 4 ? Math.fround(value) : value);
    return isHeld ? new Uint8Array(view.buffer) : unfit(part, value);
  }
  const lowest = kind === "i" ? -(2 ** (8 * size - 1)) : 0;
  if (!Number.isInteger(value) || value < lowest || value >= lowest + 2 ** (8 * size))
    return unfit(part, value);
  if (size === 1) view.setUint8(0, value & 0xff);
  else if (size === 2) view.setUint16(0, value & 0xffff, isLittle);
  else view.setUint32(0, value >>> 0, isLittle);
  return new Uint8Array(view.buffer);
}

function unfit(
  { type, word }: { readonly word: string; readonly type: string },
  value: number,
): Problem {
  return { problem: `{${word}} is ${value}, which ${type} cannot hold` };
}
