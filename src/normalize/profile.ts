/**
 * A device profile, checked and taken apart: everything that is known about one kind of device.
 * `parseProfile` makes it from the value of a file.
 */
import type { Unit } from "../core/unit.ts";
import type { Conversion } from "../core/unit-conversion.ts";
import type { Codec } from "./codecs/codec.ts";
import type { CommandMapping } from "./commands/command-mapping.ts";
import type { Expression } from "./expression.ts";
import type { IdentityMapping } from "./identity.ts";
import type { PassedOverReason } from "./normalized.ts";
import type { OpenStage } from "./open.ts";
import type { KeyPattern } from "./paths/key-pattern.ts";
import type { Path, Scalar } from "./paths/path.ts";
import type { RepeatMapping } from "./repeat.ts";
import type { TimeMapping } from "./times/device-time.ts";
import type { Naming } from "./topics/device-name.ts";
import type { IgnoredTopics } from "./topics/ignored-topics.ts";
import type { TopicTemplate } from "./topics/topic-template.ts";

export interface Profile {
  /** `maker/model`. */
  readonly name: string;
  readonly version: number;
  /** `maker/model@3`: what events carry. */
  readonly id: string;
  /** How devices that are not configured are called. */
  readonly naming: Naming;
  /** Topics of measurements of devices that are not configured; may be empty. */
  readonly topics: readonly TopicTemplate[];
  /** Only device ids that begin with one of these; the empty text takes all. Never empty. */
  readonly devicePrefixes: readonly string[];
  /** Topics beside those that nobody needs. */
  readonly ignored: readonly IgnoredTopics[];
  /** How a reading that comes again through a second radio is known. */
  readonly repeat?: RepeatMapping;
  /** A larger payload is not looked into. */
  readonly maxPayloadBytes?: number;
  readonly codec: Codec;
  /** What is inside the message, from the outside to the inside. */
  readonly open: readonly OpenStage[];
  /** Messages for which it does not hold are somebody else's. */
  readonly when?: Expression;
  /** Lists or maps whose members are events of their own, each inside the one before. */
  readonly each: readonly EachMapping[];
  /** Where the message says whom it is from; the first that leads to something. */
  readonly devicePaths: readonly Path[];
  /** Words that are in the message, or in its member, beside those of the topic. */
  readonly words: readonly WordMapping[];
  /** Where the device says what time it is, in the order of trust; empty where it does not. */
  readonly times: readonly TimeMapping[];
  readonly identity?: IdentityMapping;
  readonly intervalMs?: number;
  /** True there says that somebody made the message up for a trial. */
  readonly simulated?: Path;
  /** What a device says of itself, where it is described by itself. */
  readonly attrs?: Readonly<Record<string, string>>;
  readonly metrics: readonly MetricMapping[];
  readonly status: readonly StatusMapping[];
  /** A message without a metric but with one of these says that the device lives, no more. */
  readonly alive: readonly Path[];
  /** What nobody reads, on purpose. */
  readonly skip: readonly Path[];
  readonly examples: readonly ProfileExample[];
  /** What its devices can be told to do. */
  readonly commands?: readonly CommandMapping[];
  /** The profile whose commands are those of its devices, too. */
  readonly commandsFrom?: string;
}

/** The profile that reads JSON of devices nobody described. */
export const genericProfile = "sluicegate/generic";

/** A list or a map in a message. */
export interface EachMapping {
  /** From the member of the one before, or from the message; the first that leads to one. */
  readonly paths: readonly [Path, ...Path[]];
  /** It is no list of members, but the only one itself. */
  readonly isWhole: boolean;
  /** The word that the key of a member is; `device` names the device. */
  readonly key?: string;
}

/** A word, and where a message says it: the first path that leads to something. */
export interface WordMapping {
  readonly word: string;
  readonly paths: readonly Path[];
}

/** True where the profile reads whatever its codec can. */
export function takesAll({ each, when }: Profile): boolean {
  return when === undefined && each.length === 0;
}

/** True where its messages say whom they are from. */
export function namesItself({ devicePaths, each }: Profile): boolean {
  return devicePaths.length > 0 || each.some(({ key }) => key === "device");
}

/** True where words of the message say how metrics are named, or which there are. */
export function namesByMessage({ each, metrics, words }: Profile): boolean {
  const inside = [...each.map(({ key }) => key), ...words.map(({ word }) => word)];
  return inside.some(
    (one) =>
      one !== undefined &&
      metrics.some(({ name, where }) => where?.has(one) || name.includes(`{${one}}`)),
  );
}

/** True where the words of the topic are asked for with each message. */
export function asksForWords(profile: Profile): boolean {
  return !takesAll(profile) || namesItself(profile) || profile.words.length > 0;
}

export const metricTypes = ["number", "boolean", "text", "any"] as const;
export type MetricType = (typeof metricTypes)[number];

/** How one value becomes a measurement, or many values of one shape do. */
export interface MetricMapping {
  /** May hold `{words}` of the topic, and `{key}` for what a wildcard stood for. */
  readonly name: string;
  /** A word, or a key, of this text is left out of the name, with the `_` in front of it. */
  readonly plain?: string;
  /** The first that leads to a value counts; exactly one when it has a wildcard. */
  readonly paths: readonly [Path, ...Path[]];
  /** What gives the value in place of the paths, which then are the whole message only. */
  readonly value?: Expression;
  /** Words of the topic, and what each must be one of; elsewhere the metric is not looked for. */
  readonly where?: ReadonlyMap<string, readonly string[]>;
  /** Looked for only where no metric with `where` is. */
  readonly otherwise: boolean;
  /** Keys that the wildcard does not stand for. */
  readonly except: ReadonlySet<string>;
  /** And those that are known in part. */
  readonly exceptLike: readonly KeyPattern[];
  /** Of what `values` does not list; `listed` when it lists all there is. */
  readonly type: MetricType | "listed";
  readonly unit?: Unit;
  /** Texts are read as numbers. */
  readonly parsed: boolean;
  /** From the unit of the device, where the profile says that it is another. */
  readonly conversion?: Conversion;
  /** Where the message says in what unit the value is. */
  readonly namedUnit?: NamedUnit;
  /** What the device sends in place of a value, or of one that can be trusted, by how it prints. */
  readonly sentinels?: ReadonlyMap<string, Sentinel>;
  /** Of a value that nothing speaks against. */
  readonly quality: "good" | "uncertain";
  /** Keys beside the value that identify a probe, the first that is there. */
  readonly probe: readonly string[];
  /** Value on the wire times `scale` plus `offset` is the value in the unit. */
  readonly scale: number;
  readonly offset: number;
  /** In the unit, both ends included; outside, the quality is bad. */
  readonly range?: readonly [number, number];
  /** What the texts, numbers and booleans of the device mean, by how they print; null: no value. */
  readonly values?: ReadonlyMap<string, Scalar | null>;
  /** Given up last when the disk is full. */
  readonly alarm: boolean;
}

/** What a value of the device says about itself. */
export type Sentinel = "none" | "bad" | "uncertain";

/** Where a message names the unit of a value; a metric without a unit of its own takes that. */
export interface NamedUnit {
  readonly path: Path;
  /** Below what the wildcard of the metric stands for; otherwise its own wildcard is the same key. */
  readonly beside: boolean;
  /** The words are SenML units, and no others. */
  readonly senml: boolean;
  /** By the word of the device. */
  readonly conversions: ReadonlyMap<string, Conversion>;
  /** Where the message has no word; undefined where it is the metric's own unit then. */
  readonly otherwise?: Conversion;
}

/** Where and how a device says that it is there. */
export interface StatusMapping {
  readonly topic: TopicTemplate;
  /** Where in a JSON payload the text is; the whole payload otherwise. */
  readonly path?: Path;
  /** Only of devices that were met by what they measure: the topic alone does not tell them. */
  readonly known: boolean;
  /** Finds the word in a payload, in place of a path; undefined where it is not there. */
  readonly read?: (text: string) => string | undefined;
  readonly online: readonly string[];
  readonly offline: readonly string[];
}

/** A message as the device sends it and what must become of it. */
export interface ProfileExample {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly receivedMs: number;
  readonly will: boolean;
  /** Of a message with several events each, in their order. */
  readonly expect: readonly Expectation[];
}

export type Expectation = {
  readonly device?: string;
  /** Event time. */
  readonly timeMs?: number;
  readonly clock?: string;
  readonly counter?: number;
} & (
  | { readonly kind: "measurement"; readonly metrics: ReadonlyMap<string, ExpectedValue> }
  | { readonly kind: "status"; readonly state: string }
  | { readonly kind: "rejection"; readonly code: string }
  | { readonly kind: "passed-over"; readonly why: PassedOverReason }
);

export interface ExpectedValue {
  readonly value: Scalar;
  readonly unit?: Unit;
  readonly quality: string;
}
