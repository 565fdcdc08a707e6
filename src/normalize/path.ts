/**
 * Paths into a decoded payload, as profiles write them: `ENERGY.Power`, `rx_metadata.0.rssi`,
 * `*.Temperature`, `params["a.b"].c`.
 *
 * Keys are separated by dots; a key with a dot or bracket in it stands in `["…"]`. A number is an
 * index of a list. `$` alone is the whole payload. `*` stands for any one key or for a part of it, in
 * one key at most; `**` at the end for every value below. Where a message has several members, paths
 * begin at one of them, and `^.` in front leads back to the whole message.
 */
import { findInKey, type KeyPattern, parseKeyPattern } from "./key-pattern.ts";

type Key = string | number;

/** A path taken apart. Made by `parsePath` only. */
export interface Path {
  /** As written. */
  readonly text: string;
  /** Begins at the whole message, also where a member of it is read. */
  readonly outer: boolean;
  /** What comes in front of the wildcard; everything when there is none. */
  readonly keys: readonly Key[];
  readonly wildcard: "none" | "key" | "leaves";
  /** Of a key that is not a bare `*`. */
  readonly pattern?: KeyPattern;
  /** What comes behind `*`. */
  readonly behind: readonly Key[];
}

/** A value that a payload can hold and an event can carry. */
export type Scalar = number | boolean | string;

/** `**` does not look deeper than this many keys. */
const maxDepth = 8;

/** Takes a path apart; the problem is for the author of the profile. */
export function parsePath(text: string): Path | { readonly problem: string } {
  const outer = text === "^" || text.startsWith("^.");
  if (text === "$" || text === "^") return { text, outer, keys: [], wildcard: "none", behind: [] };
  const words = splitPath(outer ? text.slice(2) : text);
  if (words === undefined)
    return { problem: `"${text}" is not a path; write keys with dots between them` };
  const wildcards = words.filter((word) => !word.quoted && word.text.includes("*"));
  const [wildcard] = wildcards;
  if (wildcards.length > 1) return { problem: `"${text}" has more than one wildcard` };
  if (words.some((word) => word.text === "__proto__"))
    return { problem: `"${text}" names __proto__, which is never read` };
  const at = wildcard === undefined ? words.length : words.indexOf(wildcard);
  const stars = wildcard?.text ?? "";
  if (stars.startsWith("**") && stars !== "**")
    return { problem: `"${stars}" is not a wildcard; write * or **` };
  if (stars === "**" && at !== words.length - 1)
    return { problem: `"${text}": ** stands at the end` };
  return {
    text,
    outer,
    keys: words.slice(0, at).map(toKey),
    wildcard: stars === "" ? "none" : stars === "**" ? "leaves" : "key",
    ...(stars !== "*" && stars !== "" && stars !== "**" && { pattern: parseKeyPattern(stars) }),
    behind: words.slice(at + 1).map(toKey),
  };
}

/**
 * The value at a path without wildcard; undefined where there is none. `whole` is the message that
 * `root` is a member of.
 */
export function readPath(path: Path, root: unknown, whole: unknown = root): unknown {
  return descend(path.outer ? whole : root, path.keys);
}

/**
 * Calls `visit` with every scalar or null that a path with a wildcard leads to, and with what the
 * wildcard stood for; `**` joins keys with dots. A bare scalar has the key `value`. Ends
 * early when `visit` gives false.
 */
export function visitMatches(
  path: Path,
  root: unknown,
  visit: (key: string, value: Scalar | null) => boolean,
  whole: unknown = root,
): void {
  const start = descend(path.outer ? whole : root, path.keys);
  if (path.wildcard === "leaves") visitLeaves("", start, 0, visit);
  else if (isRecord(start)) {
    const { behind, pattern } = path;
    for (const key of Object.keys(start)) {
      const found = pattern === undefined ? key : findInKey(pattern, key);
      if (found === undefined) continue;
      const value = descend(start[key], behind);
      if (isScalarOrNull(value) && !visit(found, value)) return;
    }
  }
}

export function isScalar(value: unknown): value is Scalar {
  return typeof value === "number" || typeof value === "string" || typeof value === "boolean";
}

function isScalarOrNull(value: unknown): value is Scalar | null {
  return value === null || isScalar(value);
}

function visitLeaves(
  prefix: string,
  value: unknown,
  depth: number,
  visit: (key: string, value: Scalar | null) => boolean,
): boolean {
  if (isScalarOrNull(value)) return visit(prefix === "" ? "value" : prefix, value);
  if (!isRecord(value) || depth === maxDepth) return true;
  for (const key of Object.keys(value)) {
    const name = prefix === "" ? key : `${prefix}.${key}`;
    if (!visitLeaves(name, value[key], depth + 1, visit)) return false;
  }
  return true;
}

/** Lists and objects alike: an index is a key of a list. */
function isRecord(value: unknown): value is Record<Key, unknown> {
  return typeof value === "object" && value !== null;
}

function descend(root: unknown, keys: readonly Key[]): unknown {
  let value = root;
  for (let at = 0; at < keys.length; at += 1) {
    const key = keys[at];
    if (!isRecord(value) || key === undefined) return undefined;
    if (typeof key === "string" && Array.isArray(value)) return undefined;
    value = value[key];
  }
  // What every object inherits is a function, which no payload can hold.
  return typeof value === "function" ? undefined : value;
}

interface Word {
  readonly text: string;
  readonly quoted: boolean;
}

function splitPath(text: string): Word[] | undefined {
  const words: Word[] = [];
  const pattern = /\["([^"]+)"\]|([^.[\]"\s]+)/y;
  let at = 0;
  while (at < text.length) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) return undefined;
    words.push({ text: match[1] ?? match[2] ?? "", quoted: match[1] !== undefined });
    at = pattern.lastIndex;
    if (text[at] === ".") {
      at += 1;
      if (at === text.length || text[at] === "[") return undefined;
    } else if (at < text.length && text[at] !== "[") return undefined;
  }
  return words.length > 0 ? words : undefined;
}

function toKey(word: Word): Key {
  return !word.quoted && /^(?:0|[1-9][0-9]{0,8})$/.test(word.text) ? Number(word.text) : word.text;
}
