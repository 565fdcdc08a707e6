import * as z from "zod";
import { bareNumber } from "./bare-number.ts";
import type { Decoded, TextCodec } from "./codec.ts";
import { endOfString } from "./json-strings.ts";
import { ReadLines } from "./lines.ts";
import { recordOf } from "./record-of.ts";

const sign = z.string().min(1).max(4);

/** What a profile may say of a text of pairs. */
export const keyvalueOptions = z
  .strictObject({
    pair: sign.default(",").describe("Between pairs; the end of a line is one, too."),
    assign: sign.default("=").describe("Between a key and its value."),
    decimal: z.enum([".", ","]).default(".").describe("The decimal mark."),
    lines: z.boolean().default(false).describe("Gives a list, one member for each line."),
  })
  .refine(({ assign, pair }) => assign !== pair, {
    message: "the same text cannot stand between pairs and within one",
    path: ["assign"],
  })
  .transform((options): TextCodec => ({ ...keyvalue, decode: (text) => readText(text, options) }));

interface Options {
  readonly pair: string;
  readonly assign: string;
  readonly decimal?: "." | ",";
  readonly lines?: boolean;
}

export const keyvalue: TextCodec = {
  name: "keyvalue",
  about: "pairs of a key and a value",
  reads: "text",
  options: "keyvalue",
  decode: (text) => readText(text, { pair: ",", assign: "=" }),
  example: {
    payload: 't=21.5,door="shut, locked",alarm',
    value: { t: 21.5, door: "shut, locked", alarm: true },
  },
};

function readText(text: string, options: Options): Decoded {
  const read = new ReadLines();
  let pairs: [string, unknown][] = [];
  let assigned = 0;
  const endLine = (): void => {
    if (pairs.length > 0) read.values.push(recordOf(pairs, read));
    pairs = [];
  };
  for (let at = 0; at < text.length && !read.isFull; ) {
    const part = readPair(text, at, options);
    at = part.end;
    if (part.key !== "") pairs.push([part.key, part.value === undefined ? true : part.value]);
    else if (part.value !== undefined) read.misfit("a value has no key");
    if (part.value !== undefined) assigned += 1;
    if (options.lines && text[at - 1] === "\n") endLine();
  }
  endLine();
  if (assigned === 0) return { ok: false, reason: `no pair with "${options.assign}" is in it` };
  const decoded = read.decoded("payload is empty");
  return options.lines || !decoded.ok ? decoded : read.decodedAs(read.values[0]);
}

interface Pair {
  readonly key: string;
  /** Absent for a key that stands alone. */
  readonly value?: unknown;
  /** Behind the separator. */
  readonly end: number;
}

function readPair(text: string, from: number, { assign, decimal, pair }: Options): Pair {
  let at = from;
  while (at < text.length && !endsPair(text, at, pair) && !standsAt(text, at, assign)) at += 1;
  const key = text.slice(from, at).trim();
  if (at === text.length || endsPair(text, at, pair))
    return { key, end: at + (text[at] === "\n" ? 1 : pair.length) };
  let start = at + assign.length;
  while (text[start] === " " && !text.startsWith(pair, start)) start += 1;
  const quoted = text[start] === '"';
  at = quoted ? endOfString(text, start) : start;
  while (at < text.length && !endsPair(text, at, pair)) at += 1;
  const written = text.slice(start, at).trim();
  const end = at + (text[at] === "\n" ? 1 : pair.length);
  if (quoted) return { key, value: unquoted(written), end };
  return { key, value: written === "" ? null : (bareNumber(written, decimal) ?? written), end };
}

function endsPair(text: string, at: number, pair: string): boolean {
  return text[at] === "\n" || standsAt(text, at, pair);
}

function standsAt(text: string, at: number, sign: string): boolean {
  return text[at] === sign[0] && text.startsWith(sign, at);
}

function unquoted(text: string): string {
  const inside = text.endsWith('"') && text.length > 1 ? text.slice(1, -1) : text.slice(1);
  return inside.replace(/\\(["\\])/g, "$1");
}
