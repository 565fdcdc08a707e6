/**
 * A profile out of some messages of a device: a beginning, with examples that hold, that a person looks
 * through before it is used.
 */

import type { Codec } from "../codecs/codec.ts";
import { codecs } from "../codecs.ts";
import { decode } from "../decode.ts";
import type { Draft } from "./draft.ts";
import { type Guess, type GuessedMetric, guess, snakeCase } from "./guess-metric.ts";
import { leavesOf } from "./leaves.ts";
import { plainYaml } from "./plain-yaml.ts";
import { expectationsOf } from "./run-scaffold.ts";
import type { Sample } from "./sample.ts";

export interface ScaffoldRequest {
  /** `maker/model`. */
  readonly profile: string;
  /** With `{device}`; guessed from the topics of the samples where it is undefined. */
  readonly topic: string | undefined;
  /** At least one. */
  readonly samples: readonly Sample[];
}

/** Those that need no options, the strictest first. */
const tried = ["senml", "json", "influx-line", "nmea", "keyvalue", "text"];
const mostMetrics = 64;
const mostExamples = 3;

/** The text of the profile's file, or why there is none. */
export function scaffold(
  request: ScaffoldRequest,
): { readonly yaml: string } | { readonly problem: string } {
  const { samples } = request;
  const codec = codecs
    .filter(({ name }) => tried.includes(name))
    .sort(byTrial)
    .find((one) => readsAll(one, samples));
  if (codec === undefined)
    return {
      problem:
        "no codec reads all of these messages; give messages of one kind, and bytes a layout (codec: struct)",
    };
  const values = samples.map((sample) => decoded(codec, sample));
  const isLists = values.every(Array.isArray);
  const members = isLists ? values.flat() : values;
  const guesses = named(members);
  const metrics = guesses.flatMap((one) => (one.is === "metric" ? [one.metric] : []));
  if (metrics.length === 0) return { problem: "there is no value in these messages" };
  const topic = request.topic ?? guessTopic(samples.map((sample) => sample.topic));
  const draft = draftOf(
    request.profile,
    topic,
    codec,
    isLists,
    guesses,
    metrics.slice(0, mostMetrics),
  );
  const examples = expectationsOf(draft, samples.slice(0, mostExamples));
  if ("problem" in examples) return examples;
  return { yaml: textOf(draft, examples.examples) };
}

function draftOf(
  profile: string,
  topic: string,
  codec: Codec,
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
    match: { topic },
    codec: codec.name,
    ...(isLists && { each: { path: "$" } }),
    time: time === undefined ? "none" : { path: time.path, ...timeFormat(time.format) },
    ...(counter && { identity: { counter: counter.path } }),
    metrics,
  };
}

function timeFormat(format: string): object {
  return format === "epoch" ? { format, unit: "auto" } : { format, zone: "utc" };
}

function textOf({ metrics, ...head }: Draft, examples: readonly object[]): string {
  const lines = Object.entries(head).map(([key, value]) => `${key}: ${plainYaml(value)}`);
  return [
    "# Made of messages. Look at names, units and the zone of the time: they are guessed.",
    ...lines,
    "metrics:",
    ...metrics.map((metric) => `  - ${plainYaml(metric)}`),
    "examples:",
    ...examples.map((example) => `  - ${plainYaml(example)}`),
    "",
  ].join("\n");
}

/** Names from the last key; where two would have one, from all keys. */
function named(messages: readonly unknown[]): Guess[] {
  const leaves = leavesOf(messages);
  const short = leaves.map(({ keys }) => snakeCase(keys.at(-1) ?? "") || "value");
  return leaves.map((leaf, at) => {
    const isAlone = short.indexOf(short[at] ?? "") === short.lastIndexOf(short[at] ?? "");
    const name = isAlone ? short[at] : snakeCase(leaf.keys.join("_"));
    return guess(leaf, (name || `value_${at}`).slice(0, 64));
  });
}

function byTrial(one: Codec, other: Codec): number {
  return tried.indexOf(one.name) - tried.indexOf(other.name);
}

function readsAll(codec: Codec, samples: readonly Sample[]): boolean {
  return samples.every((sample) => {
    const value = decoded(codec, sample);
    // A bare word would be anything; a number in JSON is one for the codec text, too.
    return codec.name === "text"
      ? value !== undefined
      : typeof value === "object" && value !== null;
  });
}

function decoded(codec: Codec, { payload }: Sample): unknown {
  const found = decode(codec, payload, 0);
  return found.ok ? found.value : undefined;
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
