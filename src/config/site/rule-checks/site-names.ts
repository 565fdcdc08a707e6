/** What the files of a site say there is: the names that rules may be about. */
import { matchesGlob } from "../../../core/glob.ts";
import type { DeviceOptions } from "../../../normalize/options.ts";
import type { MetricMapping, Profile } from "../../../normalize/profile.ts";
import type { Select } from "../../../rules/rule.ts";
import { matchesAny } from "../../../rules/select.ts";
import type { Entry } from "../site-sections.ts";

export interface SiteNames {
  /** One, or none where it cannot be read; so with the gateway. */
  readonly site: readonly string[];
  readonly gateway: readonly string[];
  readonly profiles: readonly Profile[];
  /** Names of profiles that are there and have faults: nothing is known about their metrics. */
  readonly brokenProfiles: ReadonlySet<string>;
  readonly devices: readonly Entry<DeviceOptions>[];
  /** Every device and every folder of profiles that is named could be read. */
  readonly isWhole: boolean;
  /** Some device here may send metrics that no profile names. */
  readonly takesAnything: boolean;
  /** Series that rules make; rules ask for those of devices like for metrics. */
  readonly series: ReadonlySet<string>;
  /** Those of them that are of whole gateways: they are stored, and no rule hears of them. */
  readonly seriesOfGateways: ReadonlySet<string>;
  /** Alerts of all rule files that could be read, `group/alert` each, and our own. */
  readonly alerts: ReadonlySet<string>;
  /** Undefined where none are written: who tells of alerts has a configuration of its own. */
  readonly receivers: readonly string[] | undefined;
}

/** The type of a metric's values; `any` where its profile leaves it open. */
export type ValueType = "number" | "boolean" | "text" | "any";

export interface NamedMetric {
  readonly profile: string;
  readonly name: string;
  /** Names that only the topic or the payload completes: nobody knows which there are. */
  readonly isOpen: boolean;
  readonly types: readonly ValueType[];
}

/** The metrics of these profiles. */
export function metricsOf(profiles: readonly Profile[]): NamedMetric[] {
  return profiles.flatMap((profile) =>
    profile.metrics.map((mapping) => ({
      profile: profile.name,
      name: mapping.name,
      isOpen: mapping.name.includes("{") || mapping.paths[0].wildcard !== "none",
      types: typesOf(mapping),
    })),
  );
}

/** True when the metric may come under this name. */
export function mayBe({ isOpen, name }: NamedMetric, wanted: string): boolean {
  if (!isOpen) return name === wanted;
  const pattern = name.replace(/\{[^{}]*\}/g, "*");
  // A wildcard without `{key}` gives each value the name and its key.
  return matchesGlob(pattern, wanted) || matchesGlob(`${pattern}_*`, wanted);
}

/** True for a metric that takes every name, such as `{key}`. */
export function isAnything({ name }: NamedMetric): boolean {
  return /^\{[^{}]*\}$/.test(name);
}

/** The configured devices that a rule is about. */
export function selectedDevices(select: Select, names: SiteNames): readonly Entry<DeviceOptions>[] {
  return names.devices.filter(
    ({ value }) =>
      matchesAny(select.profile, value.profile) &&
      matchesAny(select.device, value.id) &&
      Object.entries(select.tags).every(([tag, patterns]) => {
        const text = value.tags[tag];
        return text !== undefined && matchesAny(patterns, text);
      }),
  );
}

/**
 * How often the devices that a rule is about send a metric, or anything: as their entries say, else as
 * the profiles that have it; undefined for one that does so on change. None where nobody has it.
 */
export function intervalsOf(
  select: Select,
  metric: string | undefined,
  names: SiteNames,
): readonly (number | undefined)[] {
  const having = names.profiles.filter(
    (profile) => metric === undefined || metricsOf([profile]).some((each) => mayBe(each, metric)),
  );
  const devices = selectedDevices(select, names).flatMap(({ value }) => {
    const profile = having.find(({ name }) => name === value.profile);
    return profile ? [value.interval ?? profile.intervalMs] : [];
  });
  if (devices.length > 0) return devices;
  return having
    .filter(({ name }) => matchesAny(select.profile, name))
    .map(({ intervalMs }) => intervalMs);
}

/** True when a device that nobody configured may have a name like this: it begins with its family. */
export function mayBeDiscovered(pattern: string, { profiles }: SiteNames): boolean {
  const [beginning = ""] = pattern.split(/[*?]/, 1);
  return profiles.some(({ naming }) => {
    const first = `${naming.family}-`;
    return beginning.startsWith(first) || (beginning !== pattern && first.startsWith(beginning));
  });
}

function typesOf({ type, values }: MetricMapping): ValueType[] {
  const listed = [...(values?.values() ?? [])].flatMap((value) =>
    value === null ? [] : [typeOfValue(value)],
  );
  return [...new Set([...(type === "listed" ? [] : [type]), ...listed])];
}

/** The type of a value that stands in a file. */
export function typeOfValue(value: number | boolean | string): "number" | "boolean" | "text" {
  if (typeof value === "number") return "number";
  return typeof value === "boolean" ? "boolean" : "text";
}
