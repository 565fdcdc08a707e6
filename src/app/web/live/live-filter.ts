/**
 * What is to be shown of what flows, as people write it: `device:freezer-* metric:temperature > -15`.
 * All that stands there must hold. `-` in front of a word turns it round.
 */
import { matchesGlob, maxGlobLength } from "../../../core/glob.ts";
import { isObject } from "../../../core/is-object.ts";
import { suggest } from "../../../core/suggest.ts";
import type { TapFacts } from "../../../core/taps.ts";
import { matchesTopic, problemOfFilter } from "../../../core/topic-filter.ts";

/** True for what is to be shown. Asked once for each event, while somebody looks. */
export type Wants = (device: string | null, facts: TapFacts) => boolean;

const mostCharacters = 512;
const mostWords = 32;
const names = ["device", "metric", "topic", "kind", "quality"] as const;
type Name = (typeof names)[number];
const operators = [">=", "<=", "!=", "=", ">", "<"] as const;
type Operator = (typeof operators)[number];

/** The question, or what is wrong with the text, for people. */
export function parseLiveFilter(
  text: string,
): { readonly wants: Wants } | { readonly fault: string } {
  if (text.length > mostCharacters)
    return { fault: `a filter has ${mostCharacters} characters at most` };
  const words = wordsOf(text);
  if (words.length > mostWords) return { fault: `a filter has ${mostWords} words at most` };
  const all: Wants[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    const compares = isOperator(words[at + 1]);
    const made = compares ? comparison(word, words[at + 1], words[at + 2]) : condition(word);
    if (typeof made === "string") return { fault: made };
    all.push(made);
    if (compares) at += 2;
  }
  return { wants: (device, facts) => all.every((wants) => wants(device, facts)) };
}

/** Comparisons stand alone, with spaces around them or without. */
function wordsOf(text: string): string[] {
  return text
    .replaceAll(/(>=|<=|!=|[<>=])/g, " $1 ")
    .split(/\s+/)
    .filter((word) => word !== "");
}

function condition(word: string): Wants | string {
  if (word.startsWith("-") && word.length > 1) {
    const inner = condition(word.slice(1));
    return typeof inner === "string" ? inner : (device, facts) => !inner(device, facts);
  }
  if (isOperator(word)) return `${word} stands between a metric and a value: temperature > -15`;
  const cut = word.indexOf(":");
  if (cut < 0) return saysSomewhere(word);
  const name = names.find((one) => one === word.slice(0, cut));
  if (name === undefined) {
    const meant = suggest(word.slice(0, cut), names);
    const advice = meant ? `did you mean ${meant}?` : `there are ${names.join(", ")}`;
    return `nothing is called ${word.slice(0, cut)}; ${advice}`;
  }
  return named(name, word.slice(cut + 1));
}

function named(name: Name, pattern: string): Wants | string {
  if (pattern === "" || pattern.length > maxGlobLength)
    return `${name}: takes a pattern of 1 to ${maxGlobLength} characters, such as freezer-*`;
  switch (name) {
    case "device":
      return (device) => device !== null && matchesGlob(pattern, device);
    case "metric":
      return (_, facts) => measured(facts, pattern, () => true);
    case "kind":
      return (_, facts) => matchesGlob(pattern, String(facts["kind"] ?? ""));
    case "quality":
      return (_, facts) => measured(facts, "*", (_value, quality) => quality === pattern);
    case "topic":
      return (
        problemOfFilter(pattern) ??
        ((_, { topic }) => typeof topic === "string" && matchesTopic(pattern, topic))
      );
  }
}

/** `temperature > -15`, or with `metric:` in front. */
function comparison(word: string, operator = "", wanted?: string): Wants | string {
  const is = operators.find((one) => one === operator);
  if (is === undefined || wanted === undefined || isOperator(wanted))
    return `behind ${word} ${operator} a value is missing: ${word} ${operator} -15`;
  const isNegative = word.startsWith("-");
  const metric = word.replace(/^-?(?:metric:)?/, "");
  if (metric === "" || metric.includes(":"))
    return `${word} is compared with ${wanted}; only metrics are: metric:temperature ${operator} ${wanted}`;
  const limit = Number(wanted);
  const isOrder = is !== "=" && is !== "!=";
  if (isOrder && Number.isNaN(limit)) return `${wanted} is no number, so nothing is ${is} it`;
  const wants: Wants = (_, facts) =>
    measured(facts, metric, (value) => holds(value, is, wanted, limit));
  return isNegative ? (device, facts) => !wants(device, facts) : wants;
}

function holds(value: unknown, is: Operator, wanted: string, limit: number): boolean {
  if (is === "=" || is === "!=") {
    const isSame = typeof value === "number" ? value === limit : String(value) === wanted;
    return isSame === (is === "=");
  }
  if (typeof value !== "number") return false;
  if (is === ">") return value > limit;
  if (is === ">=") return value >= limit;
  return is === "<" ? value < limit : value <= limit;
}

/** True where some measurement of that name is so. */
function measured(
  { data }: TapFacts,
  pattern: string,
  isSo: (value: unknown, quality: unknown) => boolean,
): boolean {
  if (!Array.isArray(data)) return false;
  return data.some(
    (one: unknown) =>
      isObject(one) &&
      matchesGlob(pattern, String(one["name"])) &&
      isSo(one["value"], one["quality"]),
  );
}

/** A word alone is looked for in the device, the topic, the payload and the names of metrics. */
function saysSomewhere(word: string): Wants {
  const wanted = word.toLowerCase();
  const has = (text: unknown): boolean =>
    typeof text === "string" && text.toLowerCase().includes(wanted);
  return (device, facts) =>
    has(device) || has(facts["topic"]) || has(facts["payload"]) || metricNames(facts).some(has);
}

function metricNames({ data }: TapFacts): unknown[] {
  return Array.isArray(data) ? data.map((one: unknown) => (isObject(one) ? one["name"] : "")) : [];
}

function isOperator(word: string | undefined): boolean {
  return operators.some((one) => one === word);
}
