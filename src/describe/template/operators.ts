/** What the signs between two values do, by Python's rules. */
import { Failed, isEqual, isMapping, Pairs, toNumber } from "./template-value.ts";
import { isSought } from "./texts.ts";

export type Operator = (left: unknown, right: unknown) => unknown;

function arithmetic(compute: (left: number, right: number) => number): Operator {
  return (left, right) => {
    const one = toNumber(left);
    const other = toNumber(right);
    if (one === undefined || other === undefined)
      return new Failed(one === undefined ? left : right);
    const result = compute(one, other);
    return Number.isFinite(result) ? result : new Failed(left);
  };
}

const sum = arithmetic((left, right) => left + right);

function order(isRight: (difference: number) => boolean): Operator {
  return (left, right) => {
    if (typeof left === "string" && typeof right === "string")
      return isRight(left < right ? -1 : Number(left > right));
    const one = toNumber(left);
    const other = toNumber(right);
    if (one === undefined || other === undefined)
      return new Failed(one === undefined ? left : right);
    return isRight(one - other);
  };
}

/** True where the right one holds the left one: a part of a text, an element, a key. */
export function contains(left: unknown, right: unknown): unknown {
  if (typeof right === "string") {
    if (typeof left !== "string" || left.length > right.length) return false;
    return isSought(left) ? right.includes(left) : new Failed(left);
  }
  if (Array.isArray(right)) return right.some((one) => isEqual(one, left));
  if (right instanceof Pairs) return right.keys.some((one) => isEqual(one, left));
  if (isMapping(right)) return typeof left === "string" && Object.hasOwn(right, left);
  if (right === undefined) return false;
  return new Failed(right);
}

export const operators: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  [
    "+",
    (left, right) =>
      typeof left === "string" && typeof right === "string" ? left + right : sum(left, right),
  ],
  ["-", arithmetic((left, right) => left - right)],
  ["*", arithmetic((left, right) => left * right)],
  ["/", arithmetic((left, right) => left / right)],
  ["//", arithmetic((left, right) => Math.floor(left / right))],
  ["%", arithmetic((left, right) => left - right * Math.floor(left / right))],
  ["**", arithmetic((left, right) => left ** right)],
  ["==", isEqual],
  ["!=", (left, right) => !isEqual(left, right)],
  ["<", order((difference) => difference < 0)],
  ["<=", order((difference) => difference <= 0)],
  [">", order((difference) => difference > 0)],
  [">=", order((difference) => difference >= 0)],
  ["in", contains],
]);
