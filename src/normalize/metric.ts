/** From a decoded payload to the measurements of one event. */
import type { Measurement } from "../core/measurement.ts";
import type { Misfit } from "./misfit.ts";
import { isScalar, readPath, type Scalar, visitMatches } from "./path.ts";
import type { MetricMapping } from "./profile.ts";
import type { Captures } from "./topic-template.ts";

/** One event carries at most this many values. */
const maxMeasurements = 64;
/** Names and texts are cut by nobody; longer ones do not fit. */
const maxNameLength = 128;
const maxTextLength = 4096;

/** A mapping whose name no longer depends on the topic. */
export interface Metric {
  readonly mapping: MetricMapping;
  readonly name: string;
  /** What stands around `{key}`; undefined when the name has none. */
  readonly around?: readonly [before: string, after: string];
}

/** Measurements that were found, and whether one of them is an alarm. */
export interface Pack {
  readonly measurements: Measurement[];
  alarm: boolean;
}

/** True when a word of the topic stands in the metric's name. */
export function dependsOnTopic({ name }: MetricMapping): boolean {
  return name.replace("{key}", "").includes("{");
}

/** Puts the words of a topic into the name; undefined when the topic lacks one of them. */
export function nameMetric(mapping: MetricMapping, captures: Captures): Metric | undefined {
  let complete = true;
  const fill = (text: string): string =>
    text.replace(/(_?)\{([a-z_]+)\}/g, (_, join: string, word: string) => {
      const found = captures.get(word);
      if (found === undefined) complete = false;
      return found === mapping.plain ? "" : join + (found ?? "");
    });
  const [before = "", after] = mapping.name.split("{key}").map(fill);
  if (!complete) return undefined;
  return after === undefined
    ? { mapping, name: before }
    : { mapping, name: before + after, around: [before, after] };
}

/**
 * Reads every metric of a payload, or of a member of the message `whole`. The first value that does
 * not fit ends it.
 */
export function readMetrics(
  metrics: readonly Metric[],
  root: unknown,
  whole: unknown = root,
): Pack | Misfit {
  const pack: Pack = { measurements: [], alarm: false };
  for (let at = 0; at < metrics.length; at += 1) {
    const metric = metrics[at];
    if (metric === undefined) continue;
    const misfit =
      metric.mapping.paths[0].wildcard === "none"
        ? readOne(metric, root, whole, pack)
        : readMatches(metric, root, whole, pack);
    if (misfit !== undefined) return misfit;
  }
  return pack;
}

function readOne(metric: Metric, root: unknown, whole: unknown, pack: Pack): Misfit | undefined {
  const { paths } = metric.mapping;
  let wrong: string | undefined;
  for (let at = 0; at < paths.length; at += 1) {
    const path = paths[at];
    const value = path === undefined ? undefined : readPath(path, root, whole);
    if (isScalar(value)) return add(metric, metric.name, value, path?.text ?? "", pack);
    if (value !== undefined && value !== null) wrong ??= path?.text;
  }
  return wrong === undefined
    ? undefined
    : badValue(`${wrong} is a list or an object, not a single value`);
}

/**
 * A name without `{key}` is given plainly when one key matches. When several do, each name gets its
 * key, so that a sensor that falls out never hands its name to its neighbor.
 */
function readMatches(
  metric: Metric,
  root: unknown,
  whole: unknown,
  pack: Pack,
): Misfit | undefined {
  const { mapping, around } = metric;
  const keys: string[] = [];
  const values: (Scalar | null)[] = [];
  const note = (key: string, value: Scalar | null): boolean => {
    if (!mapping.except.has(key)) {
      keys.push(key);
      values.push(value);
    }
    return keys.length <= maxMeasurements;
  };
  visitMatches(mapping.paths[0], root, note, whole);
  const start = pack.measurements.length;
  for (const [at, value] of values.entries()) {
    const key = keys[at] ?? "";
    if (value === null) continue;
    let name = keys.length === 1 ? metric.name : `${metric.name}_${key}`;
    if (around !== undefined) name = nameOf(around, key, mapping.plain);
    const same = pack.measurements.findIndex((one) => one.name === name);
    if (same >= start) return badValue(`two values have the name ${name}`);
    if (same >= 0) continue;
    const misfit = add(metric, name, value, `${mapping.paths[0].text} (${key})`, pack);
    if (misfit !== undefined) return misfit;
  }
  return undefined;
}

function nameOf([before, after]: readonly [string, string], key: string, plain?: string): string {
  if (key !== plain) return before + key + after;
  return (before.endsWith("_") ? before.slice(0, -1) : before) + after;
}

function add(
  metric: Metric,
  name: string,
  found: Scalar,
  place: string,
  pack: Pack,
): Misfit | undefined {
  const { mapping } = metric;
  let value = mapping.values?.get(String(found));
  if (value === null) return undefined;
  if (value === undefined) {
    const { type } = mapping;
    if (type === "listed") return badValue(`${place} is ${shown(found)}, which has no meaning`);
    if (type !== "any" && typeof found !== wireTypes[type])
      return badValue(`${place} is ${shown(found)}, not a ${type}`);
    value = typeof found === "number" ? scaled(found, mapping) : found;
  }
  if (typeof value === "number" && !Number.isFinite(value))
    return badValue(`${place} is ${shown(found)}, not a finite number`);
  if (typeof value === "string" && value.length > maxTextLength)
    return badValue(`${place} has more than ${maxTextLength} characters`);
  if (!isName(name)) return badValue(`${place}: "${shown(name)}" cannot be the name of a metric`);
  if (pack.measurements.length === maxMeasurements)
    return badValue(`more than ${maxMeasurements} values in one message`);
  const { range, unit } = mapping;
  const quality =
    range !== undefined && typeof value === "number" && (value < range[0] || value > range[1])
      ? "bad"
      : "good";
  pack.measurements.push(
    unit === undefined ? { name, value, quality } : { name, unit, value, quality },
  );
  if (mapping.alarm) pack.alarm = true;
  return undefined;
}

const wireTypes = { number: "number", boolean: "boolean", text: "string" } as const;

/** Scales so that decimal values stay decimal: 3 tenths are 0.3, not 0.30000000000000004. */
function scaled(value: number, { scale, offset }: MetricMapping): number {
  if (scale === 1 && offset === 0) return value;
  const inverse = Math.round(1 / scale);
  const product = inverse !== 0 && 1 / inverse === scale ? value / inverse : value * scale;
  if (offset === 0) return product;
  const sum = product + offset;
  return Math.abs(sum) < 1e6 ? Math.round(sum * 1e9) / 1e9 : sum;
}

function isName(name: string): boolean {
  if (name.length === 0 || name.length > maxNameLength) return false;
  for (let at = 0; at < name.length; at += 1) {
    const code = name.charCodeAt(at);
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return false;
  }
  return true;
}

function badValue(reason: string): Misfit {
  return { code: "bad-value", reason };
}

function shown(value: Scalar): string {
  const text = String(value);
  const cut = text.length > 64 ? `${text.slice(0, 64)}…` : text;
  return typeof value === "string" ? `"${cut}"` : cut;
}
