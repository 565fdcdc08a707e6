/**
 * What the engine's parser does without a word: of keys that stand twice it keeps the last value, and
 * it rounds integers beyond 2^53. Both are looked for in every text, cheaply; only a text that may
 * have one is read a second time.
 */
import { isObject } from "../../core/is-object.ts";
import type { Decoded } from "./codec.ts";
import { mendJson } from "./mend-json.ts";

/** Integers of fewer digits are always exact. */
const exactDigits = 15;
/** Deeper values are read a second time; no device nests so. */
const maxDepth = 64;

/** True when a text, and the value that was read from it, may differ; false only when they do not. */
export function hasDoubts(text: string, value: unknown): boolean {
  return countColons(text) !== countKeys(value, 0) || mayHaveLongNumber(text);
}

/** Reads a valid text so that nothing is chosen or rounded. */
export function readDoubtful(text: string): Decoded {
  const { bigNumbers, misfits, text: mended } = mendJson(text);
  return {
    ok: true,
    value: JSON.parse(mended),
    ...(misfits.length > 0 && { misfits }),
    ...(bigNumbers.size > 0 && { bigNumbers }),
  };
}

/** Colons behind a quote or white space: all that stand behind keys, and few in strings. */
function countColons(text: string): number {
  let count = 0;
  for (let at = text.indexOf(":"); at !== -1; at = text.indexOf(":", at + 1))
    if (text.charCodeAt(at - 1) <= 0x22) count += 1;
  return count;
}

/** The keys of all objects in a value; not a number when it is too deep to say. */
function countKeys(value: unknown, depth: number): number {
  if (typeof value !== "object" || value === null) return 0;
  if (depth === maxDepth) return Number.NaN;
  let count = 0;
  if (Array.isArray(value))
    for (let at = 0; at < value.length; at += 1) count += countKeys(value[at], depth + 1);
  else if (isObject(value)) for (const key in value) count += 1 + countKeys(value[key], depth + 1);
  return count;
}

/** Looks at every 16th character only: a run of 16 digits has one of them. */
function mayHaveLongNumber(text: string): boolean {
  for (let at = exactDigits; at < text.length; at += exactDigits + 1) {
    if (!isDigit(text, at)) continue;
    let from = at;
    while (isDigit(text, from - 1)) from -= 1;
    let to = at + 1;
    while (isDigit(text, to)) to += 1;
    if (to - from > exactDigits && !/["A-Za-z.]/.test(text.charAt(from - 1))) return true;
    at = to;
  }
  return false;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
}
