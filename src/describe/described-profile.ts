/** Profiles of devices that described themselves: made while the gateway runs, like those of files. */
import { bug } from "../core/errors.ts";
import { parseProfile } from "../normalize/language/parse-profile.ts";
import { parsePath } from "../normalize/paths/path.ts";
import type { MetricMapping, Profile } from "../normalize/profile.ts";
import type { Metric } from "../normalize/walk/metric.ts";
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
    ...modelOf(convention),
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
  const kind = type === "listed" ? "any" : type;
  const model = modelOf(convention).metrics.find((one) => one.name === kind);
  const path = parsePath(String(at));
  if (model === undefined || "problem" in path) bug(`no metric is made of ${reading.key}`);
  return {
    name,
    words: noWords,
    mapping: {
      ...model,
      ...{ name, paths: [path], type, alarm },
      ...(unit !== undefined && { unit }),
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
/** What metrics are made after, by their type. */
const models = [
  { name: "number", path: "$", type: "number", parse: "number" },
  { name: "text", path: "$", type: "text" },
  { name: "any", path: "$", type: "any" },
];
const modelProfiles = new WeakMap<Convention, Profile>();

/** The profile that all of a convention are made after, as a file would have it. */
function modelOf(convention: Convention): Profile {
  const known = modelProfiles.get(convention);
  if (known !== undefined) return known;
  const checked = parseProfile({
    profile: convention.profile,
    version: 1,
    about: "A device that describes itself.",
    family: convention.family,
    codec: "text",
    time: "none",
    metrics: models,
    // What of a message is no value of the device, it says itself.
    skip: ["**"],
    examples: [{ topic: "any", payload: "", expect: { status: "online" } }],
  });
  if (!checked.ok) bug(`the model of profiles has faults: ${JSON.stringify(checked.faults)}`);
  modelProfiles.set(convention, checked.value);
  return checked.value;
}
