/**
 * Times as makers write them: `MM/dd/yyyy HH:mm:ss`, `EEE MMM d yyyy HH:mm:ss 'GMT'xx`, with the
 * letters of Unicode's date patterns (UTS 35). Made once when the profile is loaded.
 */
import type { EpochMs } from "../../core/clock.ts";
import { digits, isDigit, localMs } from "./local-time.ts";
import { parseZone } from "./rfc3339.ts";
import { type Order, toMoment, type Zone } from "./zone.ts";

/** Reads texts of one pattern; undefined for what is none. */
export type ReadPattern = (text: string, order?: Order) => EpochMs | undefined;

/** Longer texts are no times. */
const maxLength = 128;
const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** What the parts of a text said so far. */
interface Parts {
  year: number;
  month: number;
  day: number;
  hour: number;
  /** 0 or 12, where the hours are those of half a day. */
  half: number | undefined;
  minute: number;
  second: number;
  ms: number;
  offsetMs: number | undefined;
}

/** Reads a part of a text from `at` on; gives where it ends, or -1 where it is not there. */
type ReadPart = (text: string, at: number, parts: Parts) => number;

/** The number of a part that is written in at least and at most so many digits. */
function number(least: number, most: number, set: (parts: Parts, value: number) => void): ReadPart {
  return (text, at, parts) => {
    let end = at;
    while (end < at + most && isDigit(text, end)) end += 1;
    if (end - at < least) return -1;
    set(parts, digits(text, at, end));
    return end;
  };
}

/** One or two digits for one letter, two for two. */
function short(letters: number, set: (parts: Parts, value: number) => void): ReadPart {
  return number(Math.min(letters, 2), 2, set);
}

const letterAt = (text: string, at: number): boolean => /[\p{L}]/u.test(text[at] ?? "");

/** A word of letters, and `more` of what may stand between them. */
function endOfWord(text: string, at: number, more = ""): number {
  let end = at;
  while (
    letterAt(text, end) ||
    (end > at && text[end] !== undefined && more.includes(text[end] ?? ""))
  )
    end += 1;
  return end;
}

/** By letter: how so many of it are read; undefined for a number of them that means nothing. */
const readers: Readonly<Record<string, (count: number) => ReadPart | undefined>> = {
  y: (count) =>
    count === 2
      ? number(2, 2, (parts, value) => {
          parts.year = value < 70 ? 2000 + value : 1900 + value;
        })
      : number(4, 4, (parts, value) => {
          parts.year = value;
        }),
  M: (count) =>
    count >= 3
      ? (text, at, parts) => {
          const end = endOfWord(text, at);
          parts.month = months.indexOf(text.slice(at, Math.min(end, at + 3)).toLowerCase()) + 1;
          return parts.month === 0 ? -1 : end;
        }
      : short(count, (parts, value) => {
          parts.month = value;
        }),
  d: (count) =>
    short(count, (parts, value) => {
      parts.day = value;
    }),
  H: (count) =>
    short(count, (parts, value) => {
      parts.hour = value;
    }),
  h: (count) =>
    short(count, (parts, value) => {
      parts.hour = value >= 1 && value <= 12 ? value % 12 : -1;
    }),
  a: () => (text, at, parts) => {
    const word = text.slice(at, at + 2).toLowerCase();
    if (word !== "am" && word !== "pm") return -1;
    parts.half = word === "am" ? 0 : 12;
    return at + 2;
  },
  m: (count) =>
    short(count, (parts, value) => {
      parts.minute = value;
    }),
  s: (count) =>
    short(count, (parts, value) => {
      parts.second = value;
    }),
  S: () => (text, at, parts) => {
    let end = at;
    while (isDigit(text, end)) end += 1;
    if (end === at) return -1;
    parts.ms = digits(text.slice(at, at + 3).padEnd(3, "0"), 0, Math.min(3, end - at));
    for (let place = end - at; place < 3; place += 1) parts.ms *= 10;
    return end;
  },
  E: () => (text, at) => {
    const end = endOfWord(text, at);
    return end === at ? -1 : end;
  },
  // A name of a zone says nothing for certain but those of UTC; it is passed over behind an offset.
  z: () => (text, at, parts) => {
    const end = endOfWord(text, at, " ");
    const name = text.slice(at, end);
    if (name === "UTC" || name === "GMT" || name === "Z") parts.offsetMs ??= 0;
    return end === at || parts.offsetMs === undefined ? -1 : end;
  },
  x: () => readOffset,
  X: () => readOffset,
  Z: () => readOffset,
};

function readOffset(text: string, at: number, parts: Parts): number {
  const found = /(?:[zZ]|[-+]\d{2}(?::?\d{2})?)/y;
  found.lastIndex = at;
  const written = found.exec(text)?.[0];
  parts.offsetMs = written === undefined ? undefined : parseZone(written);
  return written === undefined || parts.offsetMs === undefined ? -1 : at + written.length;
}

/** The problem is for the author of the profile. */
export function compilePattern(
  pattern: string,
  zone: Zone | undefined,
): ReadPattern | { readonly problem: string } {
  const list: ReadPart[] = [];
  const letters = new Set<string>();
  for (const [token, quoted, run, plain] of pattern.matchAll(
    /'((?:[^']|'')*)'|(([a-zA-Z])\3*)|[\s\S]/g,
  )) {
    if (run === undefined) {
      list.push(literal(quoted === undefined ? token : quoted.replaceAll("''", "'") || "'"));
      continue;
    }
    const letter = plain ?? "";
    const part = Object.hasOwn(readers, letter) ? readers[letter]?.(run.length) : undefined;
    if (part === undefined)
      return { problem: `"${run}" is no part of a time; put words between single quotes` };
    letters.add(letter);
    list.push(part);
  }
  const missing = ["y", "M", "d"].find((letter) => !letters.has(letter));
  if (missing !== undefined)
    return { problem: `a time needs its date: there is no ${missing} in it` };
  const tellsZone = ["x", "X", "Z", "z"].some((letter) => letters.has(letter));
  if (!tellsZone && zone === undefined)
    return { problem: "a time without a zone in it needs one: write zone beside it" };
  return (text, order) => read(list, text, zone, order);
}

function read(
  list: readonly ReadPart[],
  text: string,
  zone: Zone | undefined,
  order: Order | undefined,
): EpochMs | undefined {
  if (text.length > maxLength) return undefined;
  const parts: Parts = {
    ...{ year: -1, month: -1, day: -1, hour: 0, minute: 0, second: 0, ms: 0 },
    ...{ half: undefined, offsetMs: undefined },
  };
  let at = 0;
  for (const part of list) {
    at = part(text, at, parts);
    if (at < 0) return undefined;
  }
  if (at !== text.length) return undefined;
  const { day, half, hour, minute, month, ms, offsetMs, second, year } = parts;
  const local = localMs(year, month, day, hour < 0 ? hour : hour + (half ?? 0), minute, second, ms);
  if (local === undefined) return undefined;
  if (offsetMs !== undefined) return local - offsetMs;
  return zone === undefined ? undefined : toMoment(local, zone, order);
}

function literal(expected: string): ReadPart {
  return (text, at) => (text.startsWith(expected, at) ? at + expected.length : -1);
}
