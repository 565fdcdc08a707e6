/** One point of the line protocol of InfluxDB, read character by character. */
import type { ReadLines } from "./lines.ts";
import { recordOf } from "./record-of.ts";

export interface Point {
  readonly value: {
    readonly measurement: string;
    readonly tags: Readonly<Record<string, unknown>>;
    readonly fields: Readonly<Record<string, unknown>>;
    /** As written, since the precision is not. */
    readonly time?: string;
  };
  /** Behind the point. */
  readonly end: number;
}

const decimal = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/i;
const booleans: Readonly<Record<string, boolean>> = {
  t: true,
  T: true,
  true: true,
  True: true,
  TRUE: true,
  f: false,
  F: false,
  false: false,
  False: false,
  FALSE: false,
};

/** The point that begins at `from`, or what is wrong with it. */
export function readPoint(text: string, from: number, read: ReadLines): Point | string {
  const name = readWord(text, from, ", ");
  if (name.word === "") return "a point has no measurement";
  let at = name.end;
  const tags: [string, unknown][] = [];
  while (text[at] === ",") {
    const key = readWord(text, at + 1, "=, ");
    if (text[key.end] !== "=") return "a tag has no value";
    const value = readWord(text, key.end + 1, ", ");
    tags.push([key.word, value.word]);
    at = value.end;
  }
  const fields: [string, unknown][] = [];
  do {
    const key = readWord(text, skipBlanks(text, at + 1), "=, ");
    if (text[key.end] !== "=" || key.word === "") return "a field has no value";
    const value = readValue(text, key.end + 1, read);
    if (value === undefined) return `the field ${key.word.slice(0, 64)} cannot be read`;
    fields.push([key.word, value.value]);
    at = value.end;
  } while (text[at] === ",");
  const time = readWord(text, skipBlanks(text, at), " ");
  if (time.word !== "" && !/^-?\d+$/.test(time.word)) return "a time is no whole number";
  const end = skipBlanks(text, time.end);
  if (end < text.length && text[end] !== "\n" && text[end] !== "\r")
    return "something stands behind the time";
  return {
    value: {
      measurement: name.word,
      tags: recordOf(tags, read),
      fields: recordOf(fields, read),
      ...(time.word !== "" && { time: time.word }),
    },
    end,
  };
}

interface Read<T> {
  readonly value: T;
  readonly end: number;
}

/** Up to a stop or the end of the line; a backslash takes the meaning of what it stands before. */
function readWord(
  text: string,
  from: number,
  stops: string,
): { readonly word: string; readonly end: number } {
  let at = from;
  let escaped = false;
  for (; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (sign === "\\") {
      escaped = true;
      at += 1;
    } else if (sign === "\n" || sign === "\r" || stops.includes(sign)) break;
  }
  const end = Math.min(at, text.length);
  const word = text.slice(from, end);
  return { word: escaped ? word.replace(/\\([,= ])/g, "$1") : word, end };
}

function readValue(text: string, from: number, read: ReadLines): Read<unknown> | undefined {
  if (text[from] === '"') {
    let at = from + 1;
    while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
    if (at >= text.length) return undefined;
    return { value: text.slice(from + 1, at).replace(/\\(["\\])/g, "$1"), end: at + 1 };
  }
  const { end, word } = readWord(text, from, ", ");
  const value = Object.hasOwn(booleans, word) ? booleans[word] : readNumber(word, read);
  return value === undefined ? undefined : { value, end };
}

/** Whole numbers that no number holds stay texts. */
function readNumber(word: string, read: ReadLines): number | string | undefined {
  const whole = /^([-+]?\d+)[iu]$/.exec(word)?.[1];
  if (whole === undefined) {
    const value = decimal.test(word) ? Number(word) : Number.NaN;
    return Number.isFinite(value) ? value : undefined;
  }
  const value = Number(whole);
  if (Number.isSafeInteger(value)) return value;
  read.bigNumbers.add(whole);
  return whole;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === " ") at += 1;
  return at;
}
