/** One device, put together of everything that describes it. */
import { fnv1a32 } from "../core/fnv1a.ts";
import type { DeviceId } from "../core/ids.ts";
import { json } from "../normalize/codecs/json.ts";
import type { KnownDevice } from "../normalize/known-device.ts";
import type { Profile, StatusMapping } from "../normalize/profile.ts";
import type { Metric } from "../normalize/walk/metric.ts";
import { mostReadingsOfDevice, mostReadingsOfTopic } from "./bounds.ts";
import { describedProfile, metricOf, profileOfTopic } from "./described-profile.ts";
import type { Convention, Description, Presence, Reading } from "./description.ts";
import { slug } from "./slug.ts";
import { openMessage, type Template } from "./template/template.ts";
import { toText } from "./template/template-value.ts";
import { problemOfTopic } from "./topic-claims.ts";

/** What a device claims of one topic. */
export interface DescribedTopic {
  readonly metrics: readonly Metric[];
  /** What each of the metrics is made of. */
  readonly readings: readonly Reading[];
  /** The profile of the device for messages of this topic. */
  readonly profile: Profile | undefined;
  readonly presence: StatusMapping | undefined;
  /** Nothing to store comes there. */
  readonly isPassedOver: boolean;
}

export interface DescribedDevice {
  readonly known: KnownDevice;
  readonly isBehindAnother: boolean;
  readonly topics: ReadonlyMap<string, DescribedTopic>;
  readonly readings: readonly Reading[];
  readonly descriptions: readonly Description[];
  /** What could not be taken, one sentence each. */
  readonly leftOut: readonly string[];
}

export interface DeviceParts {
  readonly convention: Convention;
  readonly id: DeviceId;
  /** What tells the device from others of its family; undefined where credentials name it. */
  readonly word: string | undefined;
  /** In the order in which they came first. */
  readonly descriptions: readonly Description[];
  /** Names that were given to values before, by their keys; those given now are added. */
  readonly names: Map<string, string>;
  /** True where another device has this value already. */
  readonly isTaken: (topic: string, templateText: string) => boolean;
}

export function joinDescriptions(parts: DeviceParts): DescribedDevice {
  const { convention, descriptions, id, word } = parts;
  const leftOut = descriptions.flatMap((one) => one.leftOut);
  const readings = chooseReadings(parts, leftOut);
  const topics = new Map<string, DescribedTopic>();
  const claim = (topic: string, more: Partial<DescribedTopic>): void => {
    const before = topics.get(topic) ?? noTopic;
    topics.set(topic, { ...before, ...more });
  };
  const metrics: Metric[] = [];
  for (const reading of readings) {
    const { key, topic } = reading;
    const before = topics.get(topic) ?? noTopic;
    const metric = metricOf(
      convention,
      reading,
      parts.names.get(key) ?? key,
      before.metrics.length,
    );
    metrics.push(metric);
    claim(topic, { metrics: [...before.metrics, metric], readings: [...before.readings, reading] });
  }
  const presences = descriptions.flatMap((one) => one.presences);
  for (const presence of presences)
    if (problemOfTopic(presence.topic) === undefined)
      claim(presence.topic, { presence: statusOf(presence) });
  for (const topic of descriptions.flatMap((one) => one.passedOver))
    if (problemOfTopic(topic) === undefined) claim(topic, { isPassedOver: true });
  const profile = describedProfile({
    convention,
    edition: editionOf(parts, readings),
    metrics: metrics.map(({ mapping }) => mapping),
    attrs: attrsOf(parts, readings),
    intervalMs: shortest(descriptions.map(({ intervalMs }) => intervalMs)),
  });
  for (const [topic, own] of topics)
    if (own.readings.length > 0)
      claim(topic, { profile: profileOfTopic(profile, own.readings, own.metrics) });
  return {
    known: { id, word, profile, configured: undefined },
    isBehindAnother: descriptions.some((one) => one.isBehindAnother),
    topics,
    readings,
    descriptions,
    leftOut,
  };
}

/** Names of values that are described no more are kept up to here. */
const mostNames = 1_024;
/** A name of a metric is no longer. */
const mostNameCharacters = 64;

const noTopic: DescribedTopic = {
  metrics: [],
  readings: [],
  profile: undefined,
  presence: undefined,
  isPassedOver: false,
};

/** Of two with the same key the first stays; whoever is left out is told. */
function chooseReadings(parts: DeviceParts, leftOut: string[]): Reading[] {
  const chosen = new Map<string, Reading>();
  for (const reading of parts.descriptions.flatMap((one) => one.readings)) {
    const { key, templateText, topic } = reading;
    const same = chosen.get(key);
    const problem = problemOfTopic(topic);
    if (problem !== undefined) leftOut.push(`${key}: ${problem}`);
    else if (same !== undefined) {
      if (same.topic !== topic || same.templateText !== templateText)
        leftOut.push(`${key}: it is described twice, and the first one stays`);
    } else if (parts.isTaken(topic, templateText))
      leftOut.push(`${key}: another device has this value on ${topic}`);
    else if (chosen.size === mostReadingsOfDevice)
      leftOut.push(`${key}: a device has at most ${mostReadingsOfDevice} values`);
    else if (countOf(chosen, topic) === mostReadingsOfTopic)
      leftOut.push(`${key}: a message has at most ${mostReadingsOfTopic} values`);
    else {
      chosen.set(key, reading);
      nameReading(reading, parts.names);
    }
  }
  if (parts.names.size > mostNames)
    for (const key of parts.names.keys()) if (!chosen.has(key)) parts.names.delete(key);
  return [...chosen.values()];
}

function countOf(readings: ReadonlyMap<string, Reading>, topic: string): number {
  let count = 0;
  for (const reading of readings.values()) if (reading.topic === topic) count += 1;
  return count;
}

/** A name once given stays; where it is taken, the key tells the two apart. */
function nameReading({ key, name }: Reading, names: Map<string, string>): void {
  if (names.has(key)) return;
  const taken = new Set(names.values());
  const [last = ""] = key.split("/").slice(-1);
  const longer = [name, `${name}_${slug(last)}`, `${name}_${fnv1a32(key).toString(36)}`];
  const free = longer.find((one) => one.length <= mostNameCharacters && !taken.has(one));
  names.set(key, free ?? fnv1a32(key).toString(36));
}

function statusOf({ offline, online, template, topic }: Presence): StatusMapping {
  return {
    topic: { text: topic, levels: [] },
    known: false,
    online,
    offline,
    ...(template !== undefined && { read: wordFrom(template) }),
  };
}

function wordFrom(template: Template): (text: string) => string | undefined {
  return (text) => {
    const decoded = json.decode(text, 0);
    return toText(template(openMessage(text, decoded.ok ? decoded.value : undefined)));
  };
}

function attrsOf({ descriptions }: DeviceParts, readings: readonly Reading[]) {
  const facts = Object.assign({}, ...descriptions.map((one) => one.facts)) as Record<
    string,
    string
  >;
  for (const { key, unknownUnit } of readings)
    if (unknownUnit !== undefined) facts[`unit_${key}`] = unknownUnit;
  return facts;
}

/** Changes when the device says something else of what it sends, and only then. */
function editionOf({ descriptions, names }: DeviceParts, readings: readonly Reading[]): string {
  const said = readings.map(({ alarm, key, templateText, topic, type, unit, values }) => [
    ...[key, names.get(key), topic, templateText, type, unit, alarm],
    ...(values ?? []),
  ]);
  const presences = descriptions.flatMap((one) => one.presences.map(({ topic }) => topic));
  return fnv1a32(JSON.stringify([said, presences]))
    .toString(16)
    .padStart(8, "0");
}

function shortest(intervals: readonly (number | undefined)[]): number | undefined {
  const known = intervals.filter((one) => one !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
