/**
 * Expressions in CEL, checked when they are written and harmless when they run: the one door to the
 * package that parses and evaluates them.
 *
 * Invariants
 * - `run` never throws, and takes a time that is bounded by what the author wrote and by the length
 *   of the texts it is given: no regular expressions, no loops, no more nodes than `maxNodes`.
 * - Nothing but what it is given can be reached.
 */
import { type ASTNode, Environment, type EnvironmentOptions } from "@marcbachmann/cel-js";
import { registerArithmetic, writeChecked } from "./arithmetic.ts";
import { CelFailure, type ExpressionProblem, failureOf, problemOf } from "./failure.ts";

/** What expressions of one kind may name, and call beside what all may. */
export interface DialectWords {
  /** Types in words of CEL by name. */
  readonly variables: Readonly<Record<string, string>>;
  /** Functions with their types: `age(string): double`. */
  readonly functions?: Readonly<Record<string, (text: string) => unknown>>;
}

/** A piece of an expression, as it was parsed. */
export type CelNode = ASTNode;

/** An expression that can be evaluated. */
export interface CelProgram {
  readonly ast: CelNode;
  /** What it gives for values of the variables, or the `CelFailure` that says why nothing. */
  run(values: object): unknown;
}

const maxLength = 1_024;
const maxNodes = 128;
const limits = { maxAstNodes: maxNodes, maxDepth: 32, maxListElements: 64, maxMapEntries: 0 };
/** What is written anew was checked before, and has more brackets. */
const checkedOptions = {
  limits: { ...limits, maxAstNodes: 4 * maxNodes, maxDepth: 4 * maxNodes },
  homogeneousAggregateLiterals: false,
};

/** Functions that every expression may call, and methods of texts and lists. */
export const functionNames: readonly string[] = ["has", "size", "double", "int", "string", "bool"];
export const methodNames: readonly string[] = [
  ...["size", "startsWith", "endsWith", "contains"],
  ...["lowerAscii", "upperAscii", "trim", "indexOf", "substring"],
];

/** Nothing is built before the first expression is: most sites write none. */
export class CelDialect {
  readonly #words: DialectWords;
  #environment: Environment | undefined;
  #checked: Environment | undefined;

  constructor(words: DialectWords) {
    this.#words = words;
  }

  /** `results` are the types that it may give; `dyn` is one that only shows when it runs. */
  compile(
    text: string,
    results: readonly string[],
    expected: string,
  ): CelProgram | ExpressionProblem {
    if (text.length > maxLength)
      return { problem: `an expression has at most ${maxLength} characters`, column: 1 };
    this.#environment ??= buildEnvironment(this.#words, { limits });
    this.#checked ??= buildEnvironment(this.#words, checkedOptions);
    try {
      const parsed = this.#environment.parse(text);
      const refused = this.#refusedCall(parsed.ast);
      if (refused) return refused;
      const { error, type = "dyn", valid } = parsed.check();
      if (!valid) return problemOf(error);
      if (!results.includes(type))
        return { problem: `it gives ${type}, where ${expected} is needed`, column: 1 };
      const divides = [...nodesOf(parsed.ast)].some(({ op }) => op === "/" || op === "%");
      const evaluate = divides ? this.#checked.parse(writeChecked(parsed.ast)) : parsed;
      return { ast: parsed.ast, run: (values) => runSafely(evaluate, values) };
    } catch (failure) {
      return problemOf(failure);
    }
  }

  #refusedCall(ast: ASTNode): ExpressionProblem | undefined {
    const own = Object.keys(this.#words.functions ?? {}).map(
      (signature) => signature.split("(")[0],
    );
    for (const node of nodesOf(ast)) {
      const isMethod = node.op === "rcall";
      if (node.op !== "call" && !isMethod) continue;
      const [name] = node.args;
      if (isMethod ? methodNames.includes(name) : [...functionNames, ...own].includes(name))
        continue;
      return {
        problem: `there is no ${isMethod ? "." : ""}${name}()`,
        column: placeOfName(node) + 1,
      };
    }
    return undefined;
  }
}

function buildEnvironment(words: DialectWords, options: EnvironmentOptions): Environment {
  const environment = registerArithmetic(new Environment(options));
  for (const [name, type] of Object.entries(words.variables))
    environment.registerVariable(name, type);
  for (const [signature, run] of Object.entries(words.functions ?? {}))
    environment.registerFunction(signature, run);
  return environment;
}

function placeOfName(node: ASTNode): number {
  return node.op === "rcall" ? node.args[1].end : node.start;
}

function runSafely(evaluate: (values: object) => unknown, values: object): unknown {
  // What is not there is an error that nobody reads: without its stack it costs a tenth.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    const found = evaluate(values);
    const result = typeof found === "bigint" ? Number(found) : found;
    if (typeof result !== "number" || Number.isFinite(result)) return result;
    return new CelFailure(false, `it gives ${result}, which is no number`, 1);
  } catch (failure) {
    return failureOf(failure);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** All nodes of an expression, in no order that matters. */
export function* nodesOf(node: CelNode): Iterable<CelNode> {
  yield node;
  for (const each of childrenOf(node)) yield* nodesOf(each);
}

/** The pieces right below a node. */
export function childrenOf(node: CelNode): readonly CelNode[] {
  const given: readonly unknown[] = Array.isArray(node.args) ? node.args.flat() : [node.args];
  return given.filter(isNode);
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === "object" && value !== null && "op" in value && "args" in value;
}
