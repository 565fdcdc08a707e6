/**
 * What makes a value a transition. Whoever may write into the stream of alerts is not known, nor what a
 * gateway passes on: every field that a reader rests on is looked at, and nothing in it has a depth or
 * a length that a reader would have to fear.
 */
import type { AlertTransition } from "./alert.ts";
import { isObject } from "./is-object.ts";
import { parseMoment } from "./moment.ts";
import { severities } from "./severity-rank.ts";

type Field = keyof AlertTransition;
type Check = (value: unknown) => boolean;

/** More than rules may write; see `rules/language/text-schema.ts`. */
const mostTexts = 128;
const mostNameCharacters = 512;
const mostTextCharacters = 4_096;
const mostListed = 1_024;
const mostUnitCharacters = 256;

/** What stands in headers, file names and keys of others. */
const tokenPattern = /^[A-Za-z0-9._-]{1,128}$/;
const instancePattern = /^[A-Za-z0-9_-]{1,64}$/;

const isToken: Check = (value) => typeof value === "string" && tokenPattern.test(value);
const isName: Check = (value) => isText(value, mostNameCharacters);
const isTime: Check = (value) => parseMoment(value) !== undefined;
const isFlag: Check = (value) => typeof value === "boolean";
/** JSON has no infinity: it was written as null. */
const isNumber: Check = (value) => value === null || Number.isFinite(value);
const isValue: Check = (value) =>
  isNumber(value) || typeof value === "boolean" || isText(value, mostTextCharacters);

const needed = {
  schema: (value) => value === "alert.transition/1",
  id: isToken,
  episode: isToken,
  n: (value) => Number.isSafeInteger(value) && isPositive(value),
  instance: (value) => typeof value === "string" && instancePattern.test(value),
  rule: isName,
  rule_rev: isName,
  state: (value) => value === "firing" || value === "ended",
  reason: isName,
  severity: (value) => severities.some((severity) => severity === value),
  late: isFlag,
  stale: isFlag,
  labels: isOfTexts,
  annotations: isOfTexts,
  started_at: isTime,
  fired_at: isTime,
  ended_at: (value) => value === null || isTime(value),
  at: isTime,
  observed_at: isTime,
} as const satisfies Partial<Record<Field, Check>>;

const optional = {
  evaluated: (value) => value === "edge",
  quiet: (value) => value === true,
  handling: isHandling,
  value: isValue,
  limit: (value) => isValue(value) || (isListOf(value, isNumber) && value.length === 2),
  unit: (value) => isText(value, mostUnitCharacters),
  expected: isNumber,
  score: isNumber,
  read_up_to: isName,
  read_also: (value) => isListOf(value, isName),
  traceparent: isName,
  tracestate: isName,
} as const satisfies Partial<Record<Field, Check>>;

const checks = new Map<string, Check>(Object.entries({ ...needed, ...optional }));
const neededNames = Object.keys(needed);

/** True for a transition. What else it has, as one of a later version may, is no object. */
export function isTransition(value: unknown): value is AlertTransition {
  if (!isObject(value)) return false;
  return (
    neededNames.every((name) => Object.hasOwn(value, name)) &&
    Object.entries(value).every(([name, field]) => (checks.get(name) ?? isPlain)(field))
  );
}

function isText(value: unknown, most: number): value is string {
  return typeof value === "string" && value.length <= most;
}

function isPositive(value: unknown): boolean {
  return typeof value === "number" && value > 0;
}

function isPlain(value: unknown): boolean {
  return isNumber(value) || typeof value === "boolean" || isText(value, mostTextCharacters);
}

function isListOf(value: unknown, check: Check): value is unknown[] {
  return Array.isArray(value) && value.length <= mostListed && value.every(check);
}

function isOfTexts(value: unknown): boolean {
  if (!isObject(value)) return false;
  const entries = Object.entries(value);
  return (
    entries.length <= mostTexts &&
    entries.every(([name, text]) => isName(name) && isText(text, mostTextCharacters))
  );
}

/** How people are told; what it says of the board is read there, and what cannot be is as usual. */
function isHandling(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { flapping, notify, renotify_every_ms, runbook_url, suppressed_by, ...others } = value;
  return (
    (notify === undefined || isListOf(notify, isName)) &&
    (renotify_every_ms === undefined || isPositive(renotify_every_ms)) &&
    (runbook_url === undefined || isText(runbook_url, mostTextCharacters)) &&
    (flapping === undefined || isFlat(flapping)) &&
    (suppressed_by === undefined || isListOf(suppressed_by, isMatcher)) &&
    isFlat(others)
  );
}

function isMatcher(value: unknown): boolean {
  if (!isObject(value)) return isPlain(value);
  const { equal, ...others } = value;
  return (isPlain(equal) || isListOf(equal, isPlain) || equal === undefined) && isFlat(others);
}

function isFlat(value: unknown): boolean {
  return isObject(value) ? Object.values(value).every(isPlain) : isPlain(value);
}
