/** What one value of a message seems to be. */
import { parseNumber } from "../parse-number.ts";
import { parseRfc3339 } from "../rfc3339.ts";
import { unitMeant } from "../unit-meant.ts";
import { type GuessedUnit, guessUnit } from "./guess-unit.ts";
import type { Leaf } from "./leaves.ts";

/** An entry of `metrics`, as profiles write it. */
export interface GuessedMetric {
  readonly name: string;
  readonly path: string;
  readonly type?: "text" | "boolean";
  readonly parse?: "number";
  readonly unit?: string;
  readonly from?: string;
}

export type Guess =
  | { readonly is: "metric"; readonly metric: GuessedMetric }
  | { readonly is: "time"; readonly path: string; readonly format: "rfc3339" | "epoch" }
  | { readonly is: "counter"; readonly path: string };

const timeNames = /^(ts|t|at|time|timestamp|time_?stamp|date_?time|received_at|recorded_at|utc)$/;
const counterNames = /^(seq|sequence|seq_?(no|nr|num)|counter|msg_?id|f_?cnt)$/;
/** Between 2015 and 2065, in s, ms, us or ns. */
const epochs = [1, 1e3, 1e6, 1e9].map((factor) => [1.42e9 * factor, 3e9 * factor] as const);

export function guess(leaf: Leaf, name: string): Guess {
  const { keys, path, values } = leaf;
  const key = snakeCase(keys.at(-1) ?? "");
  const numbers = values.map((value) => (typeof value === "string" ? numberIn(value) : value));
  const areNumbers = numbers.every((value) => typeof value === "number");
  const isText = typeof values[0] === "string";
  if (timeNames.test(key) && areNumbers && numbers.every(isEpoch))
    return { is: "time", path, format: "epoch" };
  if (isText && values.every((value) => parseRfc3339(String(value), undefined) !== undefined))
    return { is: "time", path, format: "rfc3339" };
  if (counterNames.test(key) && !isText && numbers.every(Number.isSafeInteger))
    return { is: "counter", path };
  if (values.every((value) => typeof value === "boolean"))
    return { is: "metric", metric: { name, path, type: "boolean" } };
  // Digits that a number would lose make it a name: 0012345678.
  if (!areNumbers || values.some(losesDigits))
    return { is: "metric", metric: { name, path, type: "text" } };
  const unit: GuessedUnit | undefined = guessUnit(snakeCase(keys.join("_")) || name, numbers);
  const parse = isText ? ({ parse: "number" } as const) : {};
  return { is: "metric", metric: { name, path, ...parse, ...unit } };
}

/** `battery_level` of `batteryLevel` and `Battery-Level`. */
export function snakeCase(key: string): string {
  return key
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .toLowerCase();
}

function numberIn(text: string): number | undefined {
  const parsed = parseNumber(text);
  // A date begins with a number, too.
  const isWhole = parsed?.unit === "" || unitMeant(parsed?.unit ?? "-") !== undefined;
  return isWhole ? parsed?.value : undefined;
}

function losesDigits(value: unknown): boolean {
  return typeof value === "string" && /^[+-]?0\d|^\d{16,}$/.test(value.trim());
}

function isEpoch(value: unknown): boolean {
  return typeof value === "number" && epochs.some(([from, to]) => value >= from && value < to);
}
