/** Compiles the segments of a template: text, what is printed, `if` and `set`. */
import { parseExpression } from "./parse-expression.ts";
import { pay, type Scope, type Term } from "./scope.ts";
import { Failed, isTrue, toText } from "./template-value.ts";
import { TokenReader } from "./token-reader.ts";
import { isProblem, type Problem, type Segment, tokensOf } from "./tokens.ts";

/** `if` within each other goes no deeper than this. */
const mostDepth = 8;

export class TemplateParser {
  readonly #segments: readonly Segment[];
  readonly #names = new Set<string>();
  #at = 0;
  #depth = 0;
  #problem: string | undefined;

  constructor(segments: readonly Segment[]) {
    this.#segments = segments;
  }

  parse(): Term | Problem {
    const body = this.#parseBody();
    const { word } = this.#statementHere();
    if (word !== "") this.#fail(`"{% ${word} %}" opens nothing and closes nothing here`);
    return this.#problem === undefined ? body : { problem: this.#problem };
  }

  /** Up to a statement that belongs to an `if` around it, or to the end. */
  #parseBody(): Term {
    const parts: Term[] = [];
    while (this.#problem === undefined) {
      const segment = this.#segments[this.#at];
      if (segment === undefined) break;
      if (segment.kind === "statement") {
        const { word, rest } = this.#statementHere();
        if (word === "elif" || word === "else" || word === "endif") break;
        this.#at += 1;
        parts.push(this.#parseStatement(word, rest));
        continue;
      }
      this.#at += 1;
      parts.push(
        segment.kind === "literal" ? () => segment.text : this.#parseExpression(segment.text),
      );
    }
    return joinParts(parts);
  }

  #parseStatement(word: string, rest: string): Term {
    if (word === "if") return this.#parseIf(rest);
    if (word === "set") return this.#parseSet(rest);
    this.#fail(`the statement "${word}" is not known`);
    return () => undefined;
  }

  #parseIf(condition: string): Term {
    this.#depth += 1;
    if (this.#depth > mostDepth) this.#fail(`"if" is nested more than ${mostDepth} deep`);
    const asked = this.#parseExpression(condition);
    const then = this.#parseBody();
    const { word, rest } = this.#statementHere();
    this.#at += 1;
    let otherwise: Term = () => undefined;
    if (word === "elif") otherwise = this.#parseIf(rest);
    else if (word === "else") {
      otherwise = this.#parseBody();
      if (this.#statementHere().word !== "endif") this.#fail('"{% endif %}" is missing');
      this.#at += 1;
    } else if (word !== "endif") this.#fail('"{% endif %}" is missing');
    this.#depth -= 1;
    return (scope) => {
      const truth = asked(scope);
      if (truth instanceof Failed) return truth;
      return isTrue(truth) ? then(scope) : otherwise(scope);
    };
  }

  #parseSet(text: string): Term {
    const [, name, expression = ""] = /^([A-Za-z_]\w*)\s*=(?!=)(.*)$/s.exec(text) ?? [];
    if (name === undefined) {
      this.#fail(`"{% set ${text.slice(0, 16)} %}" is not of the form name = value`);
      return () => undefined;
    }
    const value = this.#parseExpression(expression);
    this.#names.add(name);
    return (scope: Scope) => {
      const found = value(scope);
      if (found instanceof Failed) return found;
      scope.names.set(name, found);
      return undefined;
    };
  }

  #parseExpression(text: string): Term {
    const tokens = tokensOf(text);
    if (isProblem(tokens)) {
      this.#fail(tokens.problem);
      return () => undefined;
    }
    const reader = new TokenReader(tokens, this.#names, parseExpression);
    const term = parseExpression(reader);
    if (!reader.isAtEnd) reader.fail(`"${reader.next.text}" is not expected`);
    if (reader.problem !== undefined) this.#fail(reader.problem);
    return term;
  }

  #statementHere(): { readonly word: string; readonly rest: string } {
    const segment = this.#segments[this.#at];
    if (segment?.kind !== "statement") return { word: "", rest: "" };
    const [, word = "", rest = ""] = /^\s*(\w*)\s*(.*)$/s.exec(segment.text.trimEnd()) ?? [];
    return { word, rest };
  }

  #fail(problem: string): void {
    this.#problem ??= problem;
  }
}

/** A single value stays what it is; several become one text. White space alone is nothing. */
function joinParts(parts: readonly Term[]): Term {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  return (scope) => {
    let text = "";
    let single: unknown;
    let count = 0;
    for (const part of parts) {
      const value = part(scope);
      if (value instanceof Failed) return value;
      const shown = toText(value);
      if (shown === undefined && count > 0) return new Failed(value);
      if (!pay(scope, shown?.length ?? 0)) return new Failed(undefined);
      if (shown !== undefined && shown.trim() === "") {
        text += shown;
        continue;
      }
      single = value;
      count += 1;
      text += shown ?? "";
    }
    if (count === 0) return undefined;
    return count === 1 ? single : text;
  };
}
