/** Filters and methods of texts, lists and mappings. */
import { Failed, isMapping, member, Pairs, sizeOf, toNumber, toText } from "./template-value.ts";

/** A text is not made longer than by so many characters at once. */
const mostGrowth = 16_384;
/** Nor do elements of a list together make a longer one. */
const mostJoined = 65_536;
/** What is looked for in a text is no longer: a search may look at each of its places so often. */
const mostSought = 256;

/** True for a text that may be looked for in another one. */
export function isSought(part: unknown): part is string {
  return typeof part === "string" && part.length <= mostSought;
}

/** A filter of texts: what is no text is printed first. */
export function ofText(
  make: (text: string, first: unknown, second: unknown, third: unknown) => unknown,
): (value: unknown, first?: unknown, second?: unknown, third?: unknown) => unknown {
  return (value, first, second, third) => {
    const text = value === undefined ? undefined : toText(value);
    return text === undefined ? new Failed(value) : make(text, first, second, third);
  };
}

export const capitalize = (text: string): string =>
  text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase();

export const toTitle = (text: string): string =>
  text.replace(/[\p{L}\p{N}]+/gu, (word) => capitalize(word));

export function strip(text: string, signs: unknown): unknown {
  if (signs === undefined) return text.trim();
  if (!isSought(signs)) return new Failed(signs);
  let from = 0;
  let to = text.length;
  while (from < to && signs.includes(text[from] ?? "")) from += 1;
  while (to > from && signs.includes(text[to - 1] ?? "")) to -= 1;
  return text.slice(from, to);
}

export function replace(text: string, one: unknown, other: unknown): unknown {
  if (!isSought(one) || one === "") return new Failed(one);
  const put = toText(other);
  if (put === undefined) return new Failed(other);
  const parts = text.split(one);
  const grows = (parts.length - 1) * (put.length - one.length);
  return grows > mostGrowth ? new Failed(text) : parts.join(put);
}

export function split(text: string, separator: unknown): unknown {
  if (separator === undefined || separator === null)
    return text.split(/\s+/).filter((part) => part !== "");
  return isSought(separator) && separator !== "" ? text.split(separator) : new Failed(separator);
}

/** At most so many characters, the end mark among them. */
export function truncate(text: string, length: unknown, killWords: unknown, end: unknown): unknown {
  const most = length === undefined ? 255 : toNumber(length);
  if (most === undefined || most < 0) return new Failed(length);
  if (text.length <= most) return text;
  const mark = end === undefined ? "..." : (toText(end) ?? "");
  const cut = text.slice(0, Math.max(0, most - mark.length));
  const space = killWords === true ? -1 : cut.lastIndexOf(" ");
  return (space > 0 ? cut.slice(0, space) : cut) + mark;
}

export function join(value: unknown, separator: unknown): unknown {
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return new Failed(value);
  const between = toText(separator) ?? "";
  const parts: string[] = [];
  let characters = 0;
  for (const one of value) {
    const part = toText(one);
    characters += (part?.length ?? 0) + between.length;
    if (part === undefined || characters > mostJoined + between.length) return new Failed(value);
    parts.push(part);
  }
  return parts.join(between);
}

export function lengthOf(value: unknown): unknown {
  if (typeof value === "string" || Array.isArray(value)) return value.length;
  if (isMapping(value)) return sizeOf(value);
  return value === undefined ? 0 : new Failed(value);
}

/** The lowest or highest number of a list, or of the arguments. */
export function extreme(pick: (...numbers: number[]) => number) {
  return (first: unknown, ...others: unknown[]): unknown => {
    const values: readonly unknown[] = Array.isArray(first) ? first : [first, ...others];
    const numbers = values.map(toNumber).filter((number) => number !== undefined);
    if (numbers.length === 0 || numbers.length < values.filter((one) => one !== undefined).length)
      return new Failed(first);
    return pick(...numbers);
  };
}

export function sumOf(value: unknown): unknown {
  if (!Array.isArray(value)) return new Failed(value);
  let total = 0;
  for (const one of value) {
    const number = toNumber(one);
    if (number === undefined) return new Failed(value);
    total += number;
  }
  return total;
}

/** `x.get("key", default)`. */
export function getKey(value: unknown, key: unknown, fallback: unknown): unknown {
  if (!isMapping(value) && !(value instanceof Pairs)) return new Failed(value);
  const found = member(value, key);
  return found === undefined ? (fallback ?? null) : found;
}

/** The keys of a mapping; a list and a text as they are. */
export function keysOf(value: unknown): unknown {
  if (value instanceof Pairs) return value.keys;
  if (isMapping(value)) return Object.keys(value);
  return Array.isArray(value) ? value : new Failed(value);
}

/** The part of a text or a list between two places; places below zero count from the end. */
export function slice(value: unknown, from: unknown, to: unknown): unknown {
  if (typeof value !== "string" && !Array.isArray(value)) return new Failed(value);
  for (const place of [from, to])
    if (place !== undefined && !(typeof place === "number" && Number.isInteger(place)))
      return new Failed(place);
  return value.slice(Number(from ?? 0), to === undefined ? undefined : Number(to));
}
