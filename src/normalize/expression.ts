/**
 * Expressions of profiles, in CEL: conditions (`when`) and derived values (`value`).
 *
 * A bare name is a key of the message or, for a value, of its member; `m` is that itself, `whole` the
 * whole message, `topic.word` a word of the topic. Numbers are doubles, as in the message, and may be
 * mixed with whole numbers as written.
 */
import { CelDialect, type CelProgram, functionNames, methodNames } from "../cel/dialect.ts";
import { CelFailure, type ExpressionProblem } from "../cel/failure.ts";
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

const functions = new Set(functionNames);
const methods = new Set(methodNames);
const dialect = new CelDialect({
  variables: { m: "dyn", whole: "dyn", topic: "map<string, string>" },
});

/** A condition gives true or not; a value a number, a text or a truth value. */
export function compileExpression(
  text: string,
  kind: "condition" | "value",
): Expression | ExpressionProblem {
  const named = nameKeys(text);
  if ("problem" in named) return named;
  const { placeOf, words, written } = named;
  const program = dialect.compile(written, results[kind], expected[kind]);
  if ("problem" in program) return { ...program, column: placeOf(program.column - 1) + 1 };
  const reads = placesRead(written, membersSteps);
  const readsWhole = placesRead(written, wholeSteps);
  return { text, words, reads, readsWhole, run: runnerOf(program, kind) };
}

const results = {
  condition: ["bool", "dyn"],
  value: ["double", "int", "string", "bool", "dyn"],
};
const expected = { condition: "true or false", value: "a single value" };

function runnerOf(program: CelProgram, kind: "condition" | "value"): Expression["run"] {
  return (whole, member, topic) => {
    const found = program.run({ m: kind === "condition" ? whole : member, whole, topic });
    return found instanceof CelFailure ? undefined : found;
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
