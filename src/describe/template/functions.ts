/** Functions, `name(arguments)`, and methods of values, `value.name(arguments)`. */
import { toBool, toFloat, toInt } from "./conversions.ts";
import { choose, filters } from "./filters.ts";
import { Failed, isMapping, parseNumber, toNumber } from "./template-value.ts";
import { extreme, getKey, keysOf, ofText, replace, split, strip } from "./texts.ts";

/** `run` is given the arguments in the order of `names`. */
export interface Callable {
  readonly names: readonly string[];
  run(...args: unknown[]): unknown;
}

export const functions: ReadonlyMap<string, Callable> = new Map<string, Callable>([
  ["float", { names: ["value", "default"], run: toFloat }],
  ["int", { names: ["value", "default", "base"], run: toInt }],
  ["bool", { names: ["value", "default"], run: toBool }],
  ["min", { names: ["..."], run: extreme(Math.min) }],
  ["max", { names: ["..."], run: extreme(Math.max) }],
  ["is_number", { names: ["value"], run: isNumber }],
  ["log", { names: ["value"], run: (value) => filters.get("log")?.run(value, []) }],
  ["sqrt", { names: ["value"], run: (value) => filters.get("sqrt")?.run(value, []) }],
  [
    "iif",
    {
      names: ["value", "if_true", "if_false", "if_none"],
      run: (value, ...args) => choose(value, args),
    },
  ],
]);

/** `run` is given the value in front. */
export const methods: ReadonlyMap<string, Callable> = new Map<string, Callable>([
  ["get", { names: ["key", "default"], run: getKey }],
  ["keys", { names: [], run: keysOf }],
  ["split", { names: ["sep"], run: ofText(split) }],
  ["strip", { names: ["chars"], run: ofText(strip) }],
  ["replace", { names: ["old", "new"], run: ofText(replace) }],
  ["lower", { names: [], run: ofText((text) => text.toLowerCase()) }],
  ["upper", { names: [], run: ofText((text) => text.toUpperCase()) }],
  ["startswith", { names: ["prefix"], run: ofText(compareWith("startsWith")) }],
  ["endswith", { names: ["suffix"], run: ofText(compareWith("endsWith")) }],
]);

function compareWith(side: "startsWith" | "endsWith") {
  return (text: string, part: unknown): unknown =>
    typeof part === "string" ? text[side](part) : new Failed(part);
}

export function isNumber(value: unknown): boolean {
  return typeof value === "string"
    ? parseNumber(value) !== undefined
    : toNumber(value) !== undefined;
}

export function isSequence(value: unknown): boolean {
  return Array.isArray(value) || typeof value === "string" || isMapping(value);
}
