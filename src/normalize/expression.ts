/**
 * Expressions of profiles, in CEL: conditions (`when`) and derived values (`value`).
 *
 * A bare name is a key of the message or, for a value, of its member; `m` is that itself, `whole` the
 * whole message, `topic.word` a word of the topic. Numbers are doubles, as in the message, and may be
 * mixed with whole numbers as written.
 *
 * Invariants
 * - `run` never throws and takes a time that is bounded by what the author wrote and the length of
 *   the message: no regular expressions, no loops of its own, no more nodes than `maxNodes`.
 * - Nothing but what the message itself has can be reached.
 */
import { Environment } from "@marcbachmann/cel-js";
import type { Captures } from "./topics/topic-template.ts";

/** A checked expression. Made by `compileExpression` only. */
export interface Expression {
  readonly text: string;
  /** Words of the topic that it asks for. */
  readonly words: readonly string[];
  /** Where in the message, or in its member, it looks: keys and numbers of list members. */
  readonly reads: readonly (readonly (string | number)[])[];
  /** The same for what it names as the whole message. */
  readonly readsWhole: readonly (readonly (string | number)[])[];
  /**
   * What it gives for the message `whole` and its member `member`: undefined where it asks for what
   * is not there, or what is there does not fit.
   */
  run(whole: unknown, member: unknown, words: Captures): unknown;
}

/** Why a text is no expression; `column` counts its characters from 1. */
export interface ExpressionProblem {
  readonly problem: string;
  readonly column: number;
}

const maxLength = 1_024;
const maxNodes = 128;
const functions = new Set(["has", "size", "double", "int", "string", "bool"]);
const methods = new Set([
  ...["size", "startsWith", "endsWith", "contains"],
  ...["lowerAscii", "upperAscii", "trim", "indexOf", "substring"],
]);

const environment = new Environment({
  limits: { maxAstNodes: maxNodes, maxDepth: 32, maxListElements: 64, maxMapEntries: 0 },
})
  .registerVariable("m", "dyn")
  .registerVariable("whole", "dyn")
  .registerVariable("topic", "map<string, string>")
  .registerOperator("double * int", (one: number, other: bigint) => one * Number(other))
  .registerOperator("int * double", (one: bigint, other: number) => Number(one) * other)
  .registerOperator("double / int", (one: number, other: bigint) => one / Number(other))
  .registerOperator("int / double", (one: bigint, other: number) => Number(one) / other)
  .registerOperator("double + int", (one: number, other: bigint) => one + Number(other))
  .registerOperator("int + double", (one: bigint, other: number) => Number(one) + other)
  .registerOperator("double - int", (one: number, other: bigint) => one - Number(other))
  .registerOperator("int - double", (one: bigint, other: number) => Number(one) - other)
  .registerOperator("double % int", (one: number, other: bigint) => one % Number(other));

/** A condition gives true or not; a value a number, a text or a truth value. */
export function compileExpression(
  text: string,
  kind: "condition" | "value",
): Expression | ExpressionProblem {
  if (text.length > maxLength)
    return { problem: `an expression has at most ${maxLength} characters`, column: 1 };
  const named = nameKeys(text);
  if ("problem" in named) return named;
  const { placeOf, words, written } = named;
  const fault = (problem: string, place = 0): ExpressionProblem => ({
    problem,
    column: placeOf(place) + 1,
  });
  try {
    const parsed = environment.parse(written);
    const { error, type = "dyn", valid } = parsed.check();
    if (!valid) return fault(summaryOf(error), startOf(error));
    if (!results[kind].includes(type))
      return fault(`it gives ${type}, where ${expected[kind]} is needed`);
    const reads = placesRead(written, membersSteps);
    const readsWhole = placesRead(written, wholeSteps);
    return { text, words, reads, readsWhole, run: runnerOf(parsed, kind) };
  } catch (failure) {
    return fault(summaryOf(failure), startOf(failure));
  }
}

const results = {
  condition: ["bool", "dyn"],
  value: ["double", "int", "string", "bool", "dyn"],
};
const expected = { condition: "true or false", value: "a single value" };

function runnerOf(
  evaluate: (context: object) => unknown,
  kind: "condition" | "value",
): Expression["run"] {
  return (whole, member, topic) => {
    // What is not there is an error that nobody reads: without its stack it costs a tenth.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      const m = kind === "condition" ? whole : member;
      const found = evaluate({ m, whole, topic });
      return typeof found === "bigint" ? Number(found) : found;
    } catch {
      return undefined;
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  };
}

/** Texts, numbers, and names with the dot in front of them and the bracket of a call behind. */
const tokens =
  /[rRbB]?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|\.?\d[\w.]*|(\.\s*)?([A-Za-z_]\w*)(\s*\()?/g;
const ownNames = new Set(["m", "whole", "topic", "true", "false", "null", "in"]);

interface Named {
  readonly written: string;
  readonly words: readonly string[];
  /** From a place in what is written to that in the text. */
  placeOf(place: number): number;
}

/** Writes bare names as keys of `m`, so that no key is taken for a word of the language. */
function nameKeys(text: string): Named | ExpressionProblem {
  const places: number[] = [];
  const words: string[] = [];
  let written = "";
  let from = 0;
  let behindTopic = -1;
  for (const { 0: token, 1: dot, 2: name, 3: call, index } of text.matchAll(tokens)) {
    if (name === undefined) continue;
    if (call !== undefined && !(dot === undefined ? functions : methods).has(name))
      return { problem: `there is no ${dot === undefined ? "" : "."}${name}()`, column: index + 1 };
    if (dot !== undefined && index === behindTopic) words.push(name);
    if (dot === undefined && name === "topic") behindTopic = index + token.length;
    if (dot !== undefined || call !== undefined || ownNames.has(name)) continue;
    written += `${text.slice(from, index)}m.`;
    places.push(index);
    from = index;
  }
  const placeOf = (place: number): number => {
    let inserted = 0;
    for (const start of places) if (start + inserted < place) inserted += 2;
    return Math.min(place - inserted, text.length);
  };
  return { written: written + text.slice(from), words, placeOf };
}

const membersSteps = /\bm((?:\.[A-Za-z_]\w*(?!\w*\s*\()|\[(?:"[^"\\]*"|'[^'\\]*'|\d+)\])+)/g;
const wholeSteps = new RegExp(membersSteps.source.replace("m", "whole"), "g");
const step = /\.(\w+)|\["([^"]*)"\]|\['([^']*)'\]|\[(\d+)\]/g;

/** The places that stand behind a name, as they are written. */
function placesRead(written: string, steps: RegExp): (string | number)[][] {
  return Array.from(written.matchAll(steps), ([, chain = ""]) =>
    Array.from(chain.matchAll(step), ([, name, quoted, single, index]) =>
      index === undefined ? (name ?? quoted ?? single ?? "") : Number(index),
    ),
  );
}

function summaryOf(failure: unknown): string {
  if (failure instanceof Error && "summary" in failure) return String(failure.summary);
  return String(failure);
}

function startOf(failure: unknown): number {
  if (typeof failure !== "object" || failure === null || !("range" in failure)) return 0;
  const { range } = failure;
  if (typeof range !== "object" || range === null || !("start" in range)) return 0;
  return Number(range.start);
}
