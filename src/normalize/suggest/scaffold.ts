/**
 * A profile out of some messages of a device: a beginning, with examples that hold, that a person looks
 * through before it is used.
 */

import type { Draft } from "./draft.ts";
import { findReading, type Reading } from "./find-reading.ts";
import type { Guess, GuessedMetric } from "./guess-metric.ts";
import { guessesOf } from "./guesses-of.ts";
import { plainYaml } from "./plain-yaml.ts";
import { expectationsOf } from "./run-scaffold.ts";
import type { Sample } from "./sample.ts";

export interface ScaffoldRequest {
  /** `maker/model`. */
  readonly profile: string;
  /**
   * With `{device}`; one without is of one device, such as that of a line, which is named under `devices`.
   * Guessed from the topics of the samples where it is undefined.
   */
  readonly topic: string | undefined;
  /** At least one. */
  readonly samples: readonly Sample[];
}

const mostMetrics = 64;
const mostExamples = 3;

/** The text of the profile's file, or why there is none. */
export function scaffold(
  request: ScaffoldRequest,
): { readonly yaml: string } | { readonly problem: string } {
  const { samples } = request;
  const reading = findReading(samples);
  if (reading === undefined)
    return {
      problem:
        "no codec reads all of these messages; give messages of one kind, and bytes a layout (codec: struct)",
    };
  const { values } = reading;
  const isLists = values.every(Array.isArray);
  const guesses = guessesOf(isLists ? values.flat() : values);
  const metrics = guesses.flatMap((one) => (one.is === "metric" ? [one.metric] : []));
  if (metrics.length === 0) return { problem: "there is no value in these messages" };
  const topics = samples.map((sample) => sample.topic);
  const [line] = topics.filter(isOfLine);
  const topic = request.topic ?? line ?? guessTopic(topics);
  const draft = draftOf(
    request.profile,
    topic.includes("{") ? topic : undefined,
    reading,
    isLists,
    guesses,
    metrics.slice(0, mostMetrics),
  );
  const examples = expectationsOf(draft, samples.slice(0, mostExamples));
  if ("problem" in examples) return examples;
  return { yaml: textOf(draft, topic, examples.examples) };
}

function draftOf(
  profile: string,
  topic: string | undefined,
  { fields }: Reading,
  isLists: boolean,
  guesses: readonly Guess[],
  metrics: readonly GuessedMetric[],
): Draft {
  const time = guesses.find((one) => one.is === "time");
  const counter = guesses.find((one) => one.is === "counter");
  return {
    profile,
    version: 1,
    about: "Say in a sentence which devices these are.",
    ...(topic !== undefined && { match: { topic } }),
    ...fields,
    ...(isLists && { each: { path: "$" } }),
    time: time === undefined ? "none" : { path: time.path, ...timeFormat(time.format) },
    ...(counter && { identity: { counter: counter.path } }),
    metrics,
  };
}

function timeFormat(format: string): object {
  return format === "epoch" ? { format, unit: "auto" } : { format, zone: "utc" };
}

function textOf({ metrics, ...head }: Draft, topic: string, examples: readonly object[]): string {
  const entry = { id: topic.split("/").at(-1), profile: head.profile, topic };
  const lines = Object.entries(head).map(([key, value]) => `${key}: ${plainYaml(value)}`);
  return [
    "# Made of messages. Look at names, units and the zone of the time: they are guessed.",
    ...("match" in head
      ? []
      : [`# It reads what is named under devices, such as ${plainYaml(entry)}`]),
    ...lines,
    "metrics:",
    ...metrics.map((metric) => `  - ${plainYaml(metric)}`),
    "examples:",
    ...examples.map((example) => `  - ${plainYaml(example)}`),
    "",
  ].join("\n");
}

/** A line has one device, and other lines have others: its topic stays as it is. */
function isOfLine(topic: string): boolean {
  return topic.startsWith("serial/");
}

/** The level in which topics differ is the device; of one topic the first with a digit behind the first. */
export function guessTopic(topics: readonly string[]): string {
  const [first = "", ...others] = topics.map((topic) => topic.split("/")).map((levels) => levels);
  if (typeof first === "string") return "{device}";
  const differing = first.findIndex((level, at) => others.some((levels) => levels[at] !== level));
  const telling = first.findIndex((level, at) => at > 0 && /\d/.test(level));
  const last = first.length - 1;
  const at = differing >= 0 ? differing : telling > 0 ? telling : Math.min(1, last);
  return first.map((level, place) => (place === at ? "{device}" : level)).join("/");
}
