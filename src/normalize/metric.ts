/** From a decoded payload to the measurements of one event. */
import type { Measurement } from "../core/measurement.ts";
import type { Conversion } from "../core/unit-conversion.ts";
import { fitValue } from "./fit.ts";
import { isAmong } from "./key-pattern.ts";
import { readNamedUnit } from "./named-unit.ts";
import { isEmpty } from "./no-value.ts";
import { isScalar, type Path, readPath, type Scalar, visitMatches } from "./path.ts";
import { nameByKey, nameMatch, noProbes, type ProbeNames, probeOf } from "./probe.ts";
import type { MetricMapping } from "./profile.ts";
import { sketch } from "./sketch.ts";
import type { Captures } from "./topic-template.ts";

/** One event carries at most this many values. */
const maxMeasurements = 64;
/** Names are cut by nobody; longer ones do not fit. */
const maxNameLength = 128;
/** Of a value that does not fit so much is kept. */
const maxMisfitLength = 256;

/** A mapping whose name no longer depends on the topic. */
export interface Metric {
  readonly mapping: MetricMapping;
  readonly name: string;
  /** What stands around `{key}`; undefined when the name has none. */
  readonly around?: readonly [before: string, after: string];
}

/** What was found in a message. */
export interface Pack {
  readonly measurements: Measurement[];
  /** So many of them fit. */
  fitting: number;
  /** So many say that they have no value: null, `unavailable`, an empty list. */
  silent: number;
  /** One of them is of class alarm. */
  alarm: boolean;
  /** Texts that the message writes as numbers too long to be one. */
  readonly bigNumbers: ReadonlySet<string> | undefined;
  /** What did not fit, and why; undefined where all did. */
  misfits: MetricMisfit[] | undefined;
}

/** A value that did not fit. */
export interface MetricMisfit {
  readonly metric: string;
  /** For people, with the place in the message. */
  readonly reason: string;
}

/** True when words of the topic, or of a member's place, say how the metric is named, or whether it is. */
export function dependsOnWords({ name, where }: MetricMapping): boolean {
  return where !== undefined || name.replace("{key}", "").includes("{");
}

/**
 * Puts the words of a topic into the name; undefined when the topic lacks one of them, or says that
 * it is about something else.
 */
export function nameMetric(mapping: MetricMapping, captures: Captures): Metric | undefined {
  for (const [word, texts] of mapping.where ?? [])
    if (!texts.includes(captures.get(word) ?? "")) return undefined;
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
 * Reads every metric of a message, or of a member of one. `probes` are the names that the
 * configuration gives to probes of the device.
 */
export function readMetrics(
  metrics: readonly Metric[],
  root: unknown,
  whole: unknown = root,
  probes: ProbeNames = noProbes,
  bigNumbers?: ReadonlySet<string>,
): Pack {
  const pack: Pack = {
    measurements: [],
    fitting: 0,
    silent: 0,
    alarm: false,
    misfits: undefined,
    bigNumbers,
  };
  for (let at = 0; at < metrics.length; at += 1) {
    const metric = metrics[at];
    if (metric === undefined) continue;
    if (metric.mapping.paths[0].wildcard === "none") readOne(metric, root, whole, pack);
    else readMatches(metric, root, whole, probes, pack);
  }
  return pack;
}

function readOne(metric: Metric, root: unknown, whole: unknown, pack: Pack): void {
  const { paths } = metric.mapping;
  let wrong: Path | undefined;
  let silent = 0;
  for (let at = 0; at < paths.length; at += 1) {
    const path = paths[at];
    const value = path === undefined ? undefined : readPath(path, root, whole);
    if (isScalar(value)) {
      add(metric, metric.name, value, path?.text ?? "", undefined, root, whole, pack);
      return;
    }
    if (value === null || isEmpty(value)) silent = 1;
    else if (value !== undefined) wrong ??= path;
  }
  pack.silent += silent;
  if (wrong === undefined || metric.mapping.hasMembers) return;
  const reason = `${wrong.text} is a list or an object, not a single value`;
  addMisfit(metric, metric.name, sketch(readPath(wrong, root, whole)), reason, pack);
}

/**
 * A probe that says who it is has its identity in its name, whatever else answers. Of the others the
 * only one is named plainly where the name has no `{key}`; when there are several, each name gets its
 * key, so that a sensor that falls out never hands its name to its neighbor.
 */
function readMatches(
  metric: Metric,
  root: unknown,
  whole: unknown,
  probes: ProbeNames,
  pack: Pack,
): void {
  const { mapping } = metric;
  const [path] = mapping.paths;
  const matches: Match[] = [];
  visitMatches(
    path,
    root,
    (key, value, member) => {
      if (!isAmong(mapping.except, mapping.exceptLike, key))
        matches.push({ key, value, member, probe: probeOf(mapping, member) });
      return matches.length <= maxMeasurements;
    },
    whole,
  );
  const start = pack.measurements.length;
  const strangers = matches.filter(({ probe }) => probe === undefined).length;
  for (const { key, member, probe, value } of matches) {
    if (value === null) {
      pack.silent += 1;
      continue;
    }
    const place = `${path.text} (${key})`;
    let name = nameMatch(metric, key, probe, strangers === 1, probes);
    let same = pack.measurements.findIndex((one) => one.name === name);
    if (same >= start && probe !== undefined) {
      name = nameByKey(metric, key);
      same = pack.measurements.findIndex((one) => one.name === name);
    }
    if (same >= start) noteMisfit(metric, `${place}: two values have the name ${name}`, pack);
    else if (same < 0) add(metric, name, value, place, member, root, whole, pack);
  }
}

interface Match {
  readonly key: string;
  readonly value: Scalar | null;
  /** What stood at the key. */
  readonly member: unknown;
  readonly probe: string | undefined;
}

/** Adds the value, or the text that came in its place. */
function add(
  metric: Metric,
  name: string,
  found: Scalar,
  place: string,
  member: unknown,
  root: unknown,
  whole: unknown,
  pack: Pack,
): void {
  const { mapping } = metric;
  const { namedUnit, unit } = mapping;
  let conversion: Conversion | undefined;
  if (namedUnit !== undefined) {
    const named = readNamedUnit(namedUnit, member, root, whole);
    if (typeof named === "string") {
      const reason = `${place} is in "${named}", which cannot be converted to ${unit}`;
      addMisfit(metric, name, String(found), reason, pack);
      return;
    }
    conversion = named;
  }
  const isBig = pack.bigNumbers?.has(String(found));
  const { problem, quality, value } = fitValue(mapping, found, conversion, isBig);
  if (problem !== undefined) {
    addMisfit(metric, name, String(found), `${place} ${problem}`, pack);
    return;
  }
  if (value === undefined) {
    pack.silent += 1;
    return;
  }
  if (!hasRoom(metric, name, place, pack)) return;
  pack.measurements.push(
    unit === undefined ? { name, value, quality } : { name, unit, value, quality },
  );
  pack.fitting += 1;
  if (mapping.alarm) pack.alarm = true;
}

/** Keeps what came as a text of quality bad; it is in no unit, so none stands beside it. */
function addMisfit(metric: Metric, name: string, came: string, reason: string, pack: Pack): void {
  if (!hasRoom(metric, name, reason, pack)) return;
  noteMisfit(metric, reason, pack);
  const value = came.length > maxMisfitLength ? `${came.slice(0, maxMisfitLength)}…` : came;
  pack.measurements.push({ name, value, quality: "bad" });
  if (metric.mapping.alarm) pack.alarm = true;
}

function hasRoom(metric: Metric, name: string, place: string, pack: Pack): boolean {
  if (!isName(name)) {
    noteMisfit(metric, `${place}: "${name.slice(0, 64)}" cannot be the name of a metric`, pack);
    return false;
  }
  if (pack.measurements.length < maxMeasurements) return true;
  noteMisfit(metric, `${place}: more than ${maxMeasurements} values in one message`, pack);
  return false;
}

function noteMisfit({ mapping }: Metric, reason: string, pack: Pack): void {
  pack.misfits ??= [];
  if (pack.misfits.length < maxMeasurements) pack.misfits.push({ metric: mapping.name, reason });
}

function isName(name: string): boolean {
  if (name.length === 0 || name.length > maxNameLength) return false;
  for (let at = 0; at < name.length; at += 1) {
    const code = name.charCodeAt(at);
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return false;
  }
  return true;
}
