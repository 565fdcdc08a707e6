/** The questions of a template: `value is name` and `value is name argument`. */
import { isNumber, isSequence } from "./functions.ts";
import { contains, operators } from "./operators.ts";
import { Failed, isEqual, isMapping, toNumber } from "./template-value.ts";

export interface ValueTest {
  readonly takesArgument: boolean;
  ask(value: unknown, argument: unknown): unknown;
}

function test(ask: (value: unknown) => unknown): ValueTest {
  return { takesArgument: false, ask };
}

function comparison(sign: string): ValueTest {
  const operator = operators.get(sign);
  return { takesArgument: true, ask: (value, other) => operator?.(value, other) };
}

function ofWhole(isRight: (value: number, divisor: number) => boolean, takesArgument = false) {
  return {
    takesArgument,
    ask: (value: unknown, divisor: unknown = 2): unknown => {
      const number = toNumber(value);
      const by = toNumber(divisor);
      return number === undefined || by === undefined ? new Failed(value) : isRight(number, by);
    },
  };
}

export const valueTests: ReadonlyMap<string, ValueTest> = new Map<string, ValueTest>([
  ["defined", test((value) => value !== undefined)],
  ["undefined", test((value) => value === undefined)],
  ["none", test((value) => value === null)],
  ["true", test((value) => value === true)],
  ["false", test((value) => value === false)],
  ["boolean", test((value) => typeof value === "boolean")],
  ["string", test((value) => typeof value === "string")],
  ["number", test((value) => toNumber(value) !== undefined)],
  ["integer", test((value) => Number.isInteger(value))],
  ["float", test((value) => typeof value === "number" && !Number.isInteger(value))],
  ["is_number", test(isNumber)],
  ["mapping", test(isMapping)],
  ["sequence", test(isSequence)],
  ["iterable", test(isSequence)],
  ["list", test(Array.isArray)],
  ["odd", ofWhole((value) => Math.abs(value % 2) === 1)],
  ["even", ofWhole((value) => value % 2 === 0)],
  ["divisibleby", ofWhole((value, by) => value % by === 0, true)],
  ["equalto", { takesArgument: true, ask: isEqual }],
  ["eq", { takesArgument: true, ask: isEqual }],
  ["sameas", { takesArgument: true, ask: (value, other) => value === other }],
  ["in", { takesArgument: true, ask: contains }],
  ["ne", comparison("!=")],
  ["lt", comparison("<")],
  ["le", comparison("<=")],
  ["gt", comparison(">")],
  ["ge", comparison(">=")],
]);
