/** What one value of a message seems to be. */

import { parseRfc3339 } from "../times/rfc3339.ts";
import { parseNumber } from "../values/parse-number.ts";
import { storedUnit } from "../values/stored-unit.ts";
import { type GuessedUnit, guessUnit } from "./guess-unit.ts";
import type { Leaf } from "./leaves.ts";

/** An entry of `metrics`, as profiles write it. */
export interface GuessedMetric {
  readonly name: string;
  readonly path: string;
  readonly type?: "text" | "boolean";
  readonly parse?: "number";
  readonly none?: readonly string[];
  readonly unit?: string;
  readonly from?: string;
}

export type Guess =
  | { readonly is: "metric"; readonly metric: GuessedMetric }
  | { readonly is: "time"; readonly path: string; readonly format: string }
  | { readonly is: "counter"; readonly path: string };

const timeNames = /^(ts|t|at|time|timestamp|time_?stamp|date_?time|received_at|recorded_at|utc)$/;
const counterNames = /^(seq|sequence|seq_?(no|nr|num)|counter|msg_?id|f_?cnt)$/;
/** Between 2015 and 2065, in s, ms, us or ns. */
const epochs = [1, 1e3, 1e6, 1e9].map((factor) => [1.42e9 * factor, 3e9 * factor] as const);

/** Dates whose parts can be told apart. */
const dates: readonly (readonly [form: RegExp, pattern: string])[] = [
  [/^\d\d\.\d\d\.\d{4} \d\d:\d\d$/, "dd.MM.yyyy HH:mm"],
  [/^\d\d\.\d\d\.\d{4} \d\d:\d\d:\d\d$/, "dd.MM.yyyy HH:mm:ss"],
  [/^\d{4}\/\d\d\/\d\d \d\d:\d\d$/, "yyyy/MM/dd HH:mm"],
  [/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d$/, "yyyy/MM/dd HH:mm:ss"],
];

export function guess(leaf: Leaf, name: string): Guess {
  const { keys, path, values } = leaf;
  const key = snakeCase(keys.at(-1) ?? "");
  const dashes = values.filter(isDash);
  const measured =
    dashes.length < values.length ? values.filter((value) => !isDash(value)) : values;
  const numbers = measured.map((value) => (typeof value === "string" ? numberIn(value) : value));
  const areNumbers = numbers.every((value) => typeof value === "number");
  const isText = typeof values[0] === "string";
  if (timeNames.test(key) && areNumbers && numbers.every(isEpoch))
    return { is: "time", path, format: "epoch" };
  if (isText && values.every((value) => parseRfc3339(String(value), undefined) !== undefined))
    return { is: "time", path, format: "rfc3339" };
  const pattern = dates.find(([form]) => values.every((value) => form.test(String(value))))?.[1];
  if (isText && pattern !== undefined) return { is: "time", path, format: pattern };
  if (counterNames.test(key) && !isText && numbers.every(Number.isSafeInteger))
    return { is: "counter", path };
  if (values.every((value) => typeof value === "boolean"))
    return { is: "metric", metric: { name, path, type: "boolean" } };
  // Digits that a number would lose make it a name: 0012345678.
  if (!areNumbers || values.some(losesDigits))
    return { is: "metric", metric: { name, path, type: "text" } };
  const unit: GuessedUnit | undefined =
    unitIn(measured) ?? guessUnit(snakeCase(keys.join("_")) || name, numbers);
  const isWritten = measured.some((value) => typeof value === "string");
  const parse = isWritten ? ({ parse: "number" } as const) : {};
  const none = dashes.length > 0 ? { none: [...new Set(dashes.map(String))] } : {};
  return { is: "metric", metric: { name, path, ...parse, ...unit, ...none } };
}

/** `---`, for which there is no value. */
function isDash(value: unknown): boolean {
  return typeof value === "string" && /^[-\u2013\u2014.?*_]+$/.test(value.trim());
}

/** The unit that stands behind the numbers. */
function unitIn(values: readonly unknown[]): GuessedUnit | undefined {
  const written = values.map((value) => parseNumber(String(value))?.unit).find((unit) => unit);
  const unit = written === undefined ? undefined : storedUnit(written);
  return unit === undefined ? undefined : { unit };
}

/** `battery_level` of `batteryLevel` and `Battery-Level`. */
export function snakeCase(key: string): string {
  return key
    .replace(/[äöüÄÖÜ]/g, "$&e")
    .replaceAll("ß", "ss")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .toLowerCase();
}

function numberIn(text: string): number | undefined {
  const parsed = parseNumber(text);
  // A date begins with a number, too.
  const isWhole = parsed?.unit === "" || storedUnit(parsed?.unit ?? "-") !== undefined;
  return isWhole ? parsed?.value : undefined;
}

function losesDigits(value: unknown): boolean {
  return typeof value === "string" && /^[+-]?0\d|^\d{16,}$/.test(value.trim());
}

function isEpoch(value: unknown): boolean {
  return typeof value === "number" && epochs.some(([from, to]) => value >= from && value < to);
}
