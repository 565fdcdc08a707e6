/** What the birth of a node or a device says, without its values. */
import type { EpochMs } from "../../core/clock.ts";
import type { Metric } from "../../normalize/codecs/sparkplug/metric.ts";
import type { Varint } from "../../normalize/codecs/sparkplug/protobuf-reader.ts";
import { type Definition, defineMetric, unitWordOf } from "./definition.ts";
import type { MetricNames } from "./metric-names.ts";
import { singleValues } from "./single-values.ts";

export interface BirthTable {
  /** By the name in the birth; members of templates behind the name of the template. */
  readonly definitions: ReadonlyMap<string, Definition>;
  /** Names of metrics by their aliases; null for an alias that two have. */
  readonly aliases: ReadonlyMap<Varint, string | null>;
  /** Since then births say the same. */
  readonly sinceMs: EpochMs;
  /** What it takes in memory, about. */
  readonly characters: number;
}

/** Of a metric, beside its texts. */
const metricCharacters = 96;

export function readBirth(
  metrics: readonly Metric[],
  names: MetricNames,
  sinceMs: EpochMs,
): BirthTable {
  const definitions = new Map<string, Definition>();
  const aliases = new Map<Varint, string | null>();
  for (const metric of metrics) {
    const { alias, name } = metric;
    if (name === undefined) continue;
    if (alias !== undefined) aliases.set(alias, isOther(aliases.get(alias), name) ? null : name);
    for (const { metric: key, properties, type } of singleValues(metric, name))
      definitions.set(key, defineMetric(type, unitWordOf(properties), names.of(key)));
  }
  names.trim(definitions);
  return makeTable(definitions, aliases, sinceMs, names);
}

function isOther(before: string | null | undefined, name: string): boolean {
  return before !== undefined && before !== name;
}

/** True where a message that one explains is explained by the other, too. */
export function isSame(one: BirthTable, other: BirthTable): boolean {
  if (one.aliases.size !== other.aliases.size || one.definitions.size !== other.definitions.size)
    return false;
  for (const [alias, name] of one.aliases) if (other.aliases.get(alias) !== name) return false;
  for (const [key, { type, unitWord }] of one.definitions) {
    const same = other.definitions.get(key);
    if (same === undefined || same.type !== type || same.unitWord !== unitWord) return false;
  }
  return true;
}

export function makeTable(
  definitions: BirthTable["definitions"],
  aliases: BirthTable["aliases"],
  sinceMs: EpochMs,
  names: MetricNames,
): BirthTable {
  let characters = (aliases.size + names.size) * metricCharacters;
  for (const [key, { name, unitWord }] of definitions)
    characters += key.length + name.length + unitWord.length;
  return { definitions, aliases, sinceMs, characters };
}
