/** Names of values that stand below one key each: by who measures, or by where it stands. */

import { isRecord, isScalar } from "../paths/path.ts";
import type { MetricMapping } from "../profile.ts";
import type { Metric } from "./metric.ts";

/** What the configuration calls the probes of a device, by their identity or their key. */
export type ProbeNames = ReadonlyMap<string, string>;

export const noProbes: ProbeNames = new Map();

/** What identifies the probe whose values `member` holds; undefined where it does not say. */
export function probeOf({ probe }: MetricMapping, member: unknown): string | undefined {
  if (probe.length === 0 || !isRecord(member)) return undefined;
  for (const key of probe) {
    const identity = Object.hasOwn(member, key) ? member[key] : undefined;
    if (isScalar(identity) && identity !== "") return String(identity);
  }
  return undefined;
}

/** `isOnly`: no other value of the metric lacks an identity. */
export function nameMatch(
  metric: Metric,
  key: string,
  probe: string | undefined,
  isOnly: boolean,
  probes: ProbeNames,
): string {
  const given = probes.get(probe ?? key);
  if (given !== undefined && given !== "") return nameByKey(metric, given);
  if (given !== undefined) return plainName(metric) || nameByKey(metric, key);
  if (probe !== undefined) return nameByKey(metric, probe);
  return isOnly && metric.around === undefined ? metric.name : nameByKey(metric, key);
}

/** With the key, or what stands for it, in the place that the profile gives it. */
export function nameByKey({ around, mapping, name }: Metric, key: string): string {
  if (around === undefined) return `${name}_${key}`;
  return key === mapping.plain ? withoutKey(around) : around[0] + key + around[1];
}

/** `temperature` of `temperature_{key}` and of `{key}_temperature`. */
function plainName({ around, name }: Metric): string {
  return around === undefined ? name : withoutKey(around);
}

function withoutKey([before, after]: readonly [string, string]): string {
  if (before !== "") return (before.endsWith("_") ? before.slice(0, -1) : before) + after;
  return after.startsWith("_") ? after.slice(1) : after;
}
