/**
 * Compiles an expression, by the grammar of Jinja: from `if … else` down to names, each level a
 * function. What is not known is said by name.
 */
import { ask, change, conditional, either, operate } from "./compose.ts";
import { contains, operators } from "./operators.ts";
import { parsePostfix } from "./parse-operand.ts";
import type { Term } from "./scope.ts";
import { Failed, isTrue, toNumber, toText } from "./template-value.ts";
import type { TokenReader } from "./token-reader.ts";
import { valueTests } from "./value-tests.ts";

export function parseExpression(reader: TokenReader): Term {
  return reader.deeper(() => {
    let term = parseOr(reader);
    while (reader.take("if")) {
      const condition = parseOr(reader);
      const otherwise = reader.take("else") ? parseExpression(reader) : undefined;
      term = conditional(condition, term, otherwise);
    }
    return term;
  });
}

function parseOr(reader: TokenReader): Term {
  let term = parseAnd(reader);
  while (reader.take("or")) term = either(term, parseAnd(reader), false);
  return term;
}

function parseAnd(reader: TokenReader): Term {
  let term = parseNot(reader);
  while (reader.take("and")) term = either(term, parseNot(reader), true);
  return term;
}

function parseNot(reader: TokenReader): Term {
  if (!reader.take("not")) return parseComparison(reader);
  return reader.deeper(() => change(parseNot(reader), (value) => !isTrue(value)));
}

const comparisons = ["==", "!=", "<=", ">=", "<", ">"] as const;

function parseComparison(reader: TokenReader): Term {
  let term = parseSum(reader);
  for (;;) {
    const sign = comparisons.find((one) => reader.take(one));
    if (sign !== undefined) term = by(sign, term, parseSum(reader));
    else if (reader.take("in")) term = by("in", term, parseSum(reader));
    else if (reader.isAt("not") && reader.takeBoth("not", "in"))
      term = operate((left, right) => not(contains(left, right)), term, parseSum(reader));
    else return term;
  }
}

function not(answer: unknown): unknown {
  return answer instanceof Failed ? answer : !isTrue(answer);
}

function parseSum(reader: TokenReader): Term {
  let term = parseConcat(reader);
  for (;;) {
    if (reader.take("+")) term = by("+", term, parseConcat(reader));
    else if (reader.take("-")) term = by("-", term, parseConcat(reader));
    else return term;
  }
}

function parseConcat(reader: TokenReader): Term {
  let term = parseProduct(reader);
  while (reader.take("~")) term = operate(concat, term, parseProduct(reader));
  return term;
}

function concat(left: unknown, right: unknown): unknown {
  const one = toText(left);
  const other = toText(right);
  if (one === undefined || other === undefined) return new Failed(one === undefined ? left : right);
  return one + other;
}

const products = ["*", "//", "/", "%"] as const;

function parseProduct(reader: TokenReader): Term {
  let term = parseUnary(reader);
  for (;;) {
    const sign = products.find((one) => reader.take(one));
    if (sign === undefined) return term;
    term = by(sign, term, parseUnary(reader));
  }
}

function parseUnary(reader: TokenReader): Term {
  if (reader.take("+")) return reader.deeper(() => parseUnary(reader));
  if (reader.take("-"))
    return reader.deeper(() => change(parseUnary(reader), (value) => negative(value)));
  const term = parseTested(reader);
  return reader.take("**") ? reader.deeper(() => by("**", term, parseUnary(reader))) : term;
}

function negative(value: unknown): unknown {
  const number = toNumber(value);
  return number === undefined ? new Failed(value) : 0 - number;
}

/** `value is [not] name [argument]` binds tighter than any sign between values. */
function parseTested(reader: TokenReader): Term {
  let term = parsePostfix(reader);
  while (reader.take("is")) {
    const isNot = reader.take("not");
    const name = reader.takeName();
    const test = valueTests.get(name);
    if (test === undefined) {
      reader.fail(`the test "${name}" is not known`);
      return term;
    }
    const argument = test.takesArgument ? parsePostfix(reader) : undefined;
    term = ask(test, term, argument, isNot);
  }
  return term;
}

function by(sign: string, left: Term, right: Term): Term {
  return operate(operators.get(sign) ?? ((value) => new Failed(value)), left, right);
}
