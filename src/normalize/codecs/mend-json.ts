/**
 * Rewrites a valid JSON text so that the engine's parser neither chooses nor rounds: a key that stands
 * twice with different values is null, an integer that a number cannot hold is a text.
 */
import { endOfString } from "./json-strings.ts";

/** The text, and what was changed in it. */
export interface MendedJson {
  readonly text: string;
  /** A sentence for each key that has no value; the first few. */
  readonly misfits: string[];
  readonly bigNumbers: Set<string>;
}

const maxMisfits = 8;
const maxShown = 40;

interface Span {
  readonly from: number;
  readonly to: number;
}

/** An object or a list whose end is not yet reached. */
interface Open {
  readonly isObject: boolean;
  /** Of the member that is being read. */
  key: string;
  from: number;
  /** Where the values of each key are; undefined where there is none. */
  members: Map<string, Span[]> | undefined;
}

interface Edit extends Span {
  readonly by: string;
}

export function mendJson(text: string): MendedJson {
  const edits: Edit[] = [];
  const misfits: string[] = [];
  const bigNumbers = new Set<string>();
  const open: Open[] = [];
  const number = /-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
  let keyIsNext = false;
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    const inner = open.at(-1);
    if (code === quote) {
      const end = endOfString(text, at);
      if (keyIsNext && inner !== undefined) inner.key = keyOf(text.slice(at, end));
      keyIsNext = false;
      at = end;
      continue;
    }
    if (code === minus || (code >= zero && code <= nine)) {
      number.lastIndex = at;
      const digits = number.exec(text)?.[0] ?? "";
      if (isRounded(digits)) {
        bigNumbers.add(digits);
        edits.push({ from: at, to: at + digits.length, by: `"${digits}"` });
      }
      at += Math.max(digits.length, 1);
      continue;
    }
    if (code === openBrace || code === openBracket) {
      const isObject = code === openBrace;
      open.push({ isObject, key: "", from: 0, members: undefined });
      keyIsNext = isObject;
    } else if (inner?.isObject === true) {
      if (code === colon) inner.from = at + 1;
      else if (code === comma || code === closeBrace) closeMember(inner, at, text);
      if (code === comma) keyIsNext = true;
    }
    if (code === closeBrace || code === closeBracket) {
      open.pop();
      for (const [key, spans] of inner?.members ?? []) {
        if (!differ(spans, text)) continue;
        for (const span of spans) edits.push({ ...span, by: "null" });
        if (misfits.length < maxMisfits) misfits.push(saying(open, key, spans, text));
      }
    }
    at += 1;
  }
  return { text: rewritten(text, edits), misfits, bigNumbers };
}

const quote = 0x22;
const comma = 0x2c;
const minus = 0x2d;
const zero = 0x30;
const nine = 0x39;
const colon = 0x3a;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

function keyOf(quoted: string): string {
  const key: unknown = JSON.parse(quoted);
  return String(key);
}

function closeMember(inner: Open, to: number, text: string): void {
  const { from, key } = inner;
  // An object without members.
  if (text.slice(from, to).trim() === "" || from === 0) return;
  inner.members ??= new Map();
  const spans = inner.members.get(key);
  if (spans === undefined) inner.members.set(key, [{ from, to }]);
  else spans.push({ from, to });
}

function differ([first, ...others]: readonly Span[], text: string): boolean {
  if (first === undefined) return false;
  const value = valueIn(first, text);
  return others.some((other) => valueIn(other, text) !== value);
}

function valueIn({ from, to }: Span, text: string): string {
  return text.slice(from, to).trim();
}

function saying(above: readonly Open[], key: string, spans: readonly Span[], text: string): string {
  const place = [...above.filter((one) => one.isObject).map((one) => one.key), key].join(".");
  const shown = spans.slice(0, 2).map((span) => valueIn(span, text).slice(0, maxShown));
  return `the key "${place.slice(-64)}" stands ${spans.length} times: ${shown.join(", then ")}`;
}

/** An integer that does not print again as it stands there. */
function isRounded(digits: string): boolean {
  return digits.length > 15 && /^-?\d+$/.test(digits) && String(Number(digits)) !== digits;
}

/** An edit around others wins over them. */
function rewritten(text: string, edits: Edit[]): string {
  edits.sort((one, other) => one.from - other.from || other.to - one.to);
  const parts: string[] = [];
  let done = 0;
  for (const { by, from, to } of edits) {
    if (from < done) continue;
    parts.push(text.slice(done, from), by);
    done = to;
  }
  return parts.join("") + text.slice(done);
}
