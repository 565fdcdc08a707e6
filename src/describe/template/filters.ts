/** The filters there are, `value | name(arguments)`, and what their arguments are called. */
import { format, orDefault, round, toBool, toFloat, toInt } from "./conversions.ts";
import { toMoment } from "./moments.ts";
import { operators } from "./operators.ts";
import { Failed, isTrue, toNumber } from "./template-value.ts";
import {
  capitalize,
  extreme,
  join,
  keysOf,
  lengthOf,
  ofText,
  replace,
  split,
  strip,
  sumOf,
  toTitle,
  truncate,
} from "./texts.ts";

export interface Filter {
  /** Names of the arguments, in order; `...` at the end for any number more. */
  readonly names: readonly string[];
  /** True for one that is told of values that are not there, or have failed. */
  readonly takesNothing?: boolean;
  run(value: unknown, args: readonly unknown[]): unknown;
}

function filter(run: (value: unknown, ...args: unknown[]) => unknown, ...names: string[]): Filter {
  return { names, run: (value, args) => run(value, ...args) };
}

function ofNumber(compute: (number: number) => number): Filter {
  return filter((value) => {
    const number = toNumber(value);
    return number === undefined ? new Failed(value) : compute(number);
  });
}

const plus = operators.get("+");
const times = operators.get("*");
const orNothing = (value: unknown) => (value === undefined ? new Failed(value) : value);
const toDefault: Filter = { ...filter(orDefault, "default_value", "boolean"), takesNothing: true };
const toFloatFilter: Filter = { ...filter(toFloat, "default"), takesNothing: true };
const toIntFilter: Filter = { ...filter(toInt, "default", "base"), takesNothing: true };
const toBoolFilter: Filter = { ...filter(toBool, "default"), takesNothing: true };
const length = filter(lengthOf);
const moment = filter(toMoment, "default");

export const filters: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ["float", toFloatFilter],
  ["int", toIntFilter],
  ["bool", toBoolFilter],
  ["round", filter(round, "precision", "method", "default")],
  ["default", toDefault],
  ["d", toDefault],
  ["is_defined", { names: [], takesNothing: true, run: orNothing }],
  ["abs", ofNumber(Math.abs)],
  ["log", ofNumber(Math.log)],
  ["sqrt", ofNumber(Math.sqrt)],
  ["add", filter((value, other) => plus?.(value, other), "amount")],
  ["multiply", filter((value, other) => times?.(value, other), "amount")],
  [
    "bitwise_and",
    filter(
      bits((one, other) => one & other),
      "second_value",
    ),
  ],
  [
    "bitwise_or",
    filter(
      bits((one, other) => one | other),
      "second_value",
    ),
  ],
  ["min", filter(extreme(Math.min))],
  ["max", filter(extreme(Math.max))],
  ["sum", filter(sumOf)],
  ["length", length],
  ["count", length],
  [
    "first",
    filter((value) =>
      Array.isArray(value) || typeof value === "string" ? value[0] : new Failed(value),
    ),
  ],
  [
    "last",
    filter((value) =>
      Array.isArray(value) || typeof value === "string" ? value.at(-1) : new Failed(value),
    ),
  ],
  ["list", filter(keysOf)],
  ["join", filter(join, "d")],
  ["string", filter(ofText((text) => text))],
  ["lower", filter(ofText((text) => text.toLowerCase()))],
  ["upper", filter(ofText((text) => text.toUpperCase()))],
  ["title", filter(ofText(toTitle))],
  ["capitalize", filter(ofText(capitalize))],
  ["trim", filter(ofText(strip), "chars")],
  ["replace", filter(ofText(replace), "old", "new")],
  ["split", filter(ofText(split), "separator")],
  ["truncate", filter(ofText(truncate), "length", "killwords", "end", "leeway")],
  ["format", { names: ["..."], run: (value, args) => format(value, args) }],
  [
    "iif",
    {
      names: ["if_true", "if_false", "if_none"],
      takesNothing: true,
      run: (value, args) => choose(value, args),
    },
  ],
  ["as_datetime", moment],
  ["as_local", filter((value) => value)],
  ["timestamp_utc", moment],
  ["timestamp_local", moment],
]);

/** `iif(value, if_true, if_false, if_none)`. */
export function choose(value: unknown, args: readonly unknown[]): unknown {
  if (value instanceof Failed) return value;
  const [ifTrue = true, ifFalse = false, ifNone = ifFalse] = args;
  if (value === undefined || value === null) return ifNone;
  return isTrue(value) ? ifTrue : ifFalse;
}

function bits(compute: (one: number, other: number) => number) {
  return (value: unknown, other: unknown): unknown =>
    Number.isSafeInteger(value) && Number.isSafeInteger(other)
      ? compute(Number(value), Number(other))
      : new Failed(value);
}
