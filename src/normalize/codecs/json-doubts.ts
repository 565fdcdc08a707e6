/**
 * What the engine's parser does without a word: of keys that stand twice it keeps the last value, and
 * it rounds integers beyond 2^53. Both are looked for in every text, cheaply; only a text that may
 * have one is read a second time.
 */
import { isObject } from "../../core/is-object.ts";
import type { Decoded } from "./codec.ts";
import { mendJson } from "./mend-json.ts";

/** Deeper values are refused; no device nests so, and reading them again would take seconds. */
const maxDepth = 64;

/** True when a text, and the value that was read from it, may differ; false only when they do not. */
export function hasDoubts(text: string, value: unknown): boolean {
  return isTooLarge(value) || countColons(text) !== countKeys(value, 0);
}

/** Reads a valid text, and the value that the engine made of it, so that nothing is chosen or rounded. */
export function readDoubtful(text: string, value: unknown): Decoded {
  if (isDeep(value, 0))
    return { ok: false, reason: `payload is nested deeper than ${maxDepth} lists and objects` };
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

/**
 * The keys of all objects in a value; not a number, which equals none, when the value is too deep to
 * say, or holds a number that may have been rounded.
 */
function countKeys(value: unknown, depth: number): number {
  if (depth === maxDepth) return Number.NaN;
  let count = 0;
  if (Array.isArray(value))
    for (let at = 0; at < value.length; at += 1) count += countIn(value[at], depth);
  else if (isObject(value)) for (const key in value) count += 1 + countIn(value[key], depth);
  return count;
}

function isDeep(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (depth === maxDepth) return true;
  return Object.values(value).some((member) => isDeep(member, depth + 1));
}

function countIn(value: unknown, depth: number): number {
  if (isTooLarge(value)) return Number.NaN;
  return typeof value === "object" && value !== null ? countKeys(value, depth + 1) : 0;
}

/** All whole numbers of a smaller size are exact. */
function isTooLarge(value: unknown): boolean {
  return (
    typeof value === "number" &&
    (value > Number.MAX_SAFE_INTEGER || value < -Number.MAX_SAFE_INTEGER)
  );
}
