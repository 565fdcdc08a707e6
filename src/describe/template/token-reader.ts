/** Goes through the words of an expression and remembers the first thing that was wrong. */
import type { Term } from "./scope.ts";
import type { Token } from "./tokens.ts";

/** Brackets, signs in front and conditions within each other go no deeper than this. */
const mostDepth = 24;
const end: Token = { kind: "end", text: "" };

export class TokenReader {
  readonly #tokens: readonly Token[];
  /** Names that `{% set %}` gives in front of this expression. */
  readonly knownNames: ReadonlySet<string>;
  readonly #parse: (reader: TokenReader) => Term;
  #at = 0;
  #depth = 0;
  #problem: string | undefined;

  /** `parse` compiles an expression within another one. */
  constructor(
    tokens: readonly Token[],
    knownNames: ReadonlySet<string>,
    parse: (reader: TokenReader) => Term,
  ) {
    this.#tokens = tokens;
    this.knownNames = knownNames;
    this.#parse = parse;
  }

  get problem(): string | undefined {
    return this.#problem;
  }

  get next(): Token {
    return this.#problem === undefined ? (this.#tokens[this.#at] ?? end) : end;
  }

  get isAtEnd(): boolean {
    return this.next.kind === "end";
  }

  /** From here on there are no more words, so that whoever reads comes to an end. */
  fail(problem: string): void {
    this.#problem ??= problem;
  }

  skip(): Token {
    const token = this.next;
    this.#at += 1;
    return token;
  }

  /** True where this sign or word comes next. */
  isAt(text: string): boolean {
    const { kind, text: found } = this.next;
    return found === text && (kind === "sign" || kind === "name");
  }

  /** Goes on behind this sign or word, where it comes next. */
  take(text: string): boolean {
    if (!this.isAt(text)) return false;
    this.#at += 1;
    return true;
  }

  takeBoth(first: string, second: string): boolean {
    const behind = this.#tokens[this.#at + 1];
    if (!this.isAt(first) || behind?.kind !== "name" || behind.text !== second) return false;
    this.#at += 2;
    return true;
  }

  /** Goes on behind a name and the equals sign that follows it. */
  takeNamed(): boolean {
    const behind = this.#tokens[this.#at + 1];
    if (this.next.kind !== "name" || behind?.kind !== "sign" || behind.text !== "=") return false;
    this.#at += 2;
    return true;
  }

  expect(text: string): void {
    if (!this.take(text)) this.fail(`"${text}" is missing before "${this.next.text}"`);
  }

  takeName(): string {
    if (this.next.kind === "name") return this.skip().text;
    this.fail(`a name is missing before "${this.next.text}"`);
    return "";
  }

  takeExpression(): Term {
    return this.#parse(this);
  }

  deeper<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > mostDepth) this.fail(`it is nested more than ${mostDepth} deep`);
    const result = read();
    this.#depth -= 1;
    return result;
  }
}
