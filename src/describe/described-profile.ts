/** Profiles of devices that described themselves: made while the gateway runs, like those of files. */
import { bug } from "../core/errors.ts";
import type { Metric } from "../normalize/metric.ts";
import { parseProfile } from "../normalize/parse-profile.ts";
import type { MetricMapping, Profile } from "../normalize/profile.ts";
import type { Convention, Reading } from "./description.ts";
import { templateCodec } from "./template-codec.ts";

export interface DescribedProfileParts {
  readonly convention: Convention;
  /** Changes when the device says something else of what it sends. */
  readonly edition: string;
  readonly metrics: readonly MetricMapping[];
  readonly attrs: Readonly<Record<string, string>>;
  readonly intervalMs: number | undefined;
}

export function describedProfile(parts: DescribedProfileParts): Profile {
  const { attrs, convention, edition, intervalMs, metrics } = parts;
  return {
    ...profileWith(convention, [placeholder]),
    id: `${convention.profile}@${edition}`,
    metrics,
    attrs,
    ...(intervalMs !== undefined && { intervalMs }),
  };
}

/** Metrics that were made, since devices are put together anew with each of their messages. */
const made = new WeakMap<Reading, { readonly at: number; readonly metric: Metric }>();

/** How a value is read, the `at`-th of the messages of its topic. */
export function metricOf(
  convention: Convention,
  reading: Reading,
  name: string,
  at: number,
): Metric {
  const before = made.get(reading);
  if (before?.at === at && before.metric.name === name) return before.metric;
  const metric = makeMetric(convention, reading, name, at);
  made.set(reading, { at, metric });
  return metric;
}

function makeMetric(convention: Convention, reading: Reading, name: string, at: number): Metric {
  const { alarm, conversion, type, unit, values } = reading;
  const form = {
    name,
    path: String(at),
    type: type === "listed" ? "any" : type,
    ...(type === "number" && { parse: "number" }),
    ...(unit !== undefined && { unit }),
    class: alarm ? "alarm" : "telemetry",
  };
  const [mapping] = profileWith(convention, [form]).metrics;
  if (mapping === undefined) bug(`no metric was made of ${reading.key}`);
  return {
    name,
    words: noWords,
    mapping: {
      ...mapping,
      type,
      ...(values !== undefined && { values }),
      ...(conversion !== undefined && { conversion }),
    },
  };
}

/** The same profile for messages of one topic: its codec gives the value of each template. */
export function profileOfTopic(
  profile: Profile,
  readings: readonly Reading[],
  metrics: readonly Metric[],
): Profile {
  return {
    ...profile,
    codec: templateCodec(readings.map(({ template }) => template)),
    metrics: metrics.map(({ mapping }) => mapping),
  };
}

const noWords: ReadonlyMap<string, string> = new Map();
const placeholder = { name: "value", path: "$", type: "any" };

function profileWith({ family, profile }: Convention, metrics: readonly object[]): Profile {
  const checked = parseProfile({
    profile,
    version: 1,
    about: "A device that describes itself.",
    family,
    codec: "text",
    time: "none",
    metrics,
    // What of a message is no value of the device, it says itself.
    skip: ["**"],
    examples: [{ topic: "any", payload: "", expect: { status: "online" } }],
  });
  return checked.ok
    ? checked.value
    : bug(`a made profile has faults: ${JSON.stringify(checked.faults)}`);
}
