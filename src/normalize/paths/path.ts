/**
 * Paths into a decoded payload, as profiles write them: `ENERGY.Power`, `rx_metadata.0.rssi`,
 * `*.Temperature`, `params["a.b"].c`, `readings[id=4097].value`, `^.gateway`.
 *
 * Keys are separated by dots; a key with a dot or bracket in it stands in `["…"]`. A number is an
 * index of a list; `[key=text]` is the first member of a list whose field prints so. `$` alone is the
 * whole payload. `*` stands for any one key or for a part of it, in one key at most; `**` at the end for
 * every value below. Where a message has several members, paths begin at one of them, and `^.` in front
 * leads back to the whole message.
 */
import { findInKey, type KeyPattern, parseKeyPattern } from "./key-pattern.ts";

type Key = string | number;

/** The member of a list that has a field which prints as the text. */
export interface MemberFilter {
  readonly key: string;
  readonly text: string;
}

/** One step down. */
export type Step = Key | MemberFilter;

/** A path taken apart. Made by `parsePath` only. */
export interface Path {
  /** As written. */
  readonly text: string;
  /** Begins at the whole message, not at the member that is read. */
  readonly outer: boolean;
  /** What comes in front of the wildcard; everything when there is none. */
  readonly keys: readonly Step[];
  readonly wildcard: "none" | "key" | "leaves";
  /** Of a key that is not a bare `*`. */
  readonly pattern?: KeyPattern;
  /** What comes behind `*`. */
  readonly behind: readonly Step[];
}

/** A value that a payload can hold and an event can carry. */
export type Scalar = number | boolean | string;

/** `**` does not look deeper than this many keys. */
export const maxDepth = 8;
/** `[key=text]` looks at so many members of a list. */
export const mostMembers = 256;

/** Takes a path apart; the problem is for the author of the profile. */
export function parsePath(text: string): Path | { readonly problem: string } {
  const outer = text === "^" || text.startsWith("^.") || text.startsWith("^[");
  const inner = outer ? text.slice(text[1] === "." ? 2 : 1) : text;
  if (inner === "$" || text === "^") return { text, outer, keys: [], wildcard: "none", behind: [] };
  const words = splitPath(inner);
  if (words === undefined)
    return { problem: `"${text}" is not a path; write keys with dots between them` };
  const isWildcard = (word: Word) => word.kind === "plain" && word.text.includes("*");
  const wildcards = words.filter(isWildcard);
  const [wildcard] = wildcards;
  if (wildcards.length > 1) return { problem: `"${text}" has more than one wildcard` };
  if (words.some((word) => word.text === "__proto__" || word.equals === "__proto__"))
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
    keys: words.slice(0, at).map(toStep),
    wildcard: stars === "" ? "none" : stars === "**" ? "leaves" : "key",
    ...(stars !== "*" && stars !== "" && stars !== "**" && { pattern: parseKeyPattern(stars) }),
    behind: words.slice(at + 1).map(toStep),
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
 * Calls `visit` with every scalar or null that a path with a wildcard leads to, with the key that the
 * wildcard stood for, and with what stood at that key; `**` joins keys with dots. A bare scalar has
 * the key `value`. Ends early when `visit` gives false.
 */
export function visitMatches(
  path: Path,
  root: unknown,
  visit: (key: string, value: Scalar | null, member: unknown) => boolean,
  whole: unknown = root,
): void {
  const start = descend(path.outer ? whole : root, path.keys);
  if (path.wildcard === "leaves") {
    visitLeaves("", start, 0, visit);
    return;
  }
  if (!isRecord(start)) return;
  const { behind, pattern } = path;
  for (const key of Array.isArray(start) ? start.keys() : Object.keys(start)) {
    const found = pattern === undefined ? String(key) : findInKey(pattern, String(key));
    if (found === undefined) continue;
    const member = start[key];
    const value = descend(member, behind);
    if (isScalarOrNull(value) && !visit(found, value, member)) return;
  }
}

export function isScalar(value: unknown): value is Scalar {
  return typeof value === "number" || typeof value === "string" || typeof value === "boolean";
}

function isScalarOrNull(value: unknown): value is Scalar | null {
  return value === null || isScalar(value);
}

/** Every scalar or null below a value, with the keys above it joined by dots. */
export function visitLeaves(
  prefix: string,
  value: unknown,
  depth: number,
  visit: (key: string, value: Scalar | null, member: unknown) => boolean,
): boolean {
  if (isScalarOrNull(value)) return visit(prefix === "" ? "value" : prefix, value, value);
  if (!isRecord(value) || depth === maxDepth) return true;
  for (const key of Object.keys(value)) {
    const name = prefix === "" ? key : `${prefix}.${key}`;
    if (!visitLeaves(name, value[key], depth + 1, visit)) return false;
  }
  return true;
}

/** Lists and objects alike: an index is a key of a list. */
export function isRecord(value: unknown): value is Record<Key, unknown> {
  return typeof value === "object" && value !== null;
}

/** What is found some steps below a value. */
export function descend(root: unknown, steps: readonly Step[]): unknown {
  let value = root;
  for (let at = 0; at < steps.length; at += 1) {
    const step = steps[at];
    if (!isRecord(value) || step === undefined) return undefined;
    if (typeof step === "object") value = memberOf(value, step);
    else if (typeof step === "string" && Array.isArray(value)) return undefined;
    else value = value[step];
  }
  // What every object inherits is a function, which no payload can hold.
  return typeof value === "function" ? undefined : value;
}

/** The first member of a list that has the field. */
export function memberOf(list: unknown, { key, text }: MemberFilter): unknown {
  if (!Array.isArray(list)) return undefined;
  const count = Math.min(list.length, mostMembers);
  for (let at = 0; at < count; at += 1) {
    const member: unknown = list[at];
    if (isRecord(member) && isScalar(member[key]) && String(member[key]) === text) return member;
  }
  return undefined;
}

interface Word {
  readonly kind: "plain" | "quoted" | "filter";
  readonly text: string;
  /** Of a filter: what the field prints as. */
  readonly equals?: string;
}

function splitPath(text: string): Word[] | undefined {
  const words: Word[] = [];
  const pattern = /\["([^"]+)"\]|\[([^=.[\]"\s]+)=(?:"([^"]*)"|([^[\]"\s]+))\]|([^.[\]"\s]+)/y;
  let at = 0;
  while (at < text.length) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) return undefined;
    const [whole, quoted, key, quotedValue, bareValue, plain] = match;
    if (key !== undefined)
      words.push({ kind: "filter", text: key, equals: quotedValue ?? bareValue ?? "" });
    else if (quoted !== undefined) words.push({ kind: "quoted", text: quoted });
    else words.push({ kind: "plain", text: plain ?? "" });
    at += whole.length;
    if (text[at] === ".") {
      at += 1;
      if (at === text.length || text[at] === "[") return undefined;
    } else if (at < text.length && text[at] !== "[") return undefined;
  }
  return words.length > 0 ? words : undefined;
}

function toStep({ equals, kind, text }: Word): Step {
  if (equals !== undefined) return { key: text, text: equals };
  return kind === "plain" && /^(?:0|[1-9][0-9]{0,8})$/.test(text) ? Number(text) : text;
}
