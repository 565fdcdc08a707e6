/** Takes a template apart: what stands between its braces, and the words of an expression. */

export type TokenKind = "name" | "number" | "text" | "sign" | "end";

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

/** What is wrong with a template, for people. */
export interface Problem {
  readonly problem: string;
}

export function isProblem<T extends object>(found: T | Problem): found is Problem {
  return "problem" in found;
}

/** Text as it is, an expression to print, or a statement. */
export interface Segment {
  readonly kind: "literal" | "print" | "statement";
  readonly text: string;
}

const closings = { "{{": "}}", "{%": "%}", "{#": "#}" } as const;
type Opening = keyof typeof closings;

/** The segments of a template, comments left out. A dash beside a brace cuts the white space there. */
export function splitTemplate(template: string): Segment[] | Problem {
  const segments: Segment[] = [];
  let at = 0;
  let cutsStart = false;
  const literal = (text: string, cutsEnd: boolean): void => {
    let shown = cutsStart ? text.trimStart() : text;
    if (cutsEnd) shown = shown.trimEnd();
    if (shown !== "") segments.push({ kind: "literal", text: shown });
  };
  while (at < template.length) {
    const start = findOpening(template, at);
    if (start < 0) break;
    const opening = template.slice(start, start + 2) as Opening;
    const end = findClosing(template, start + 2, closings[opening], opening !== "{#");
    if (end < 0) return { problem: `"${opening}" has no "${closings[opening]}" behind it` };
    let inner = template.slice(start + 2, end);
    literal(template.slice(at, start), inner.startsWith("-"));
    if (/^[-+]/.test(inner)) inner = inner.slice(1);
    cutsStart = inner.endsWith("-");
    if (cutsStart) inner = inner.slice(0, -1);
    if (opening === "{{") segments.push({ kind: "print", text: inner });
    if (opening === "{%") segments.push({ kind: "statement", text: inner });
    at = end + 2;
  }
  literal(template.slice(at), false);
  return segments;
}

function findOpening(text: string, from: number): number {
  for (let at = text.indexOf("{", from); at >= 0; at = text.indexOf("{", at + 1))
    if (Object.hasOwn(closings, text.slice(at, at + 2))) return at;
  return -1;
}

/** A closing brace within a quoted text closes nothing. */
function findClosing(text: string, from: number, closing: string, hasTexts: boolean): number {
  let quote = "";
  let braces = 0;
  for (let at = from; at < text.length; at += 1) {
    const sign = text[at] ?? "";
    if (quote !== "") {
      if (sign === "\\") at += 1;
      else if (sign === quote) quote = "";
      continue;
    }
    if (hasTexts && (sign === "'" || sign === '"')) quote = sign;
    else if (braces === 0 && text.startsWith(closing, at)) return at;
    else if (sign === "{") braces += 1;
    else if (sign === "}" && braces > 0) braces -= 1;
  }
  return -1;
}

const word =
  /\s*(?:([A-Za-z_][A-Za-z0-9_]*)|((?:\d+\.\d+|\d+)(?:[eE][-+]?\d+)?)|'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(\*\*|\/\/|==|!=|<=|>=|[-+*/%~<>=|.,:()[\]{}]))/suy;
const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };

/** The words of an expression, with one of kind `end` behind them. */
export function tokensOf(expression: string): Token[] | Problem {
  const tokens: Token[] = [];
  const text = expression.trimEnd();
  word.lastIndex = 0;
  while (word.lastIndex < text.length) {
    const at = word.lastIndex;
    const found = word.exec(text);
    if (found === null) return { problem: `"${text.slice(at).trim().slice(0, 16)}" is not known` };
    const [, name, number, single, double, sign] = found;
    const quoted = single ?? double;
    if (name !== undefined) tokens.push({ kind: "name", text: name });
    else if (number !== undefined) tokens.push({ kind: "number", text: number });
    else if (quoted !== undefined)
      tokens.push({
        kind: "text",
        text: quoted.replace(/\\(.)/gs, (_, one: string) => escapes[one] ?? one),
      });
    else tokens.push({ kind: "sign", text: sign ?? "" });
  }
  tokens.push({ kind: "end", text: "" });
  return tokens;
}
