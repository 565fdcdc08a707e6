/** From what a walk found for a metric to measurements with their names. */

import type { Expression } from "../expression.ts";
import { descend, isRecord, isScalar, readPath, visitMatches } from "../paths/path.ts";
import { isEmpty } from "../values/no-value.ts";
import type { Metric } from "./metric.ts";
import { addMisfit, addValue, noteMisfit, type Pack, type Reading } from "./pack.ts";
import { nameByKey, nameMatch, type ProbeNames, probeOf } from "./probe.ts";
import { sketch } from "./sketch.ts";
import { type Match, noRank, type Target } from "./target.ts";

/** Adds the one value of a metric without a wildcard. */
export function addFound(pack: Pack, metric: Metric, target: Target, reading: Reading): void {
  const { rank, value, wrong } = target;
  const { paths, value: expression } = metric.mapping;
  if ((value ?? wrong) !== undefined && pack.wildNames?.has(metric.name)) giveWay(pack, metric);
  if (value !== undefined) {
    const place = expression?.text ?? paths[rank]?.text ?? "";
    addValue(pack, metric, metric.name, value, place, undefined, reading);
  } else if (wrong === undefined) pack.silent += 1;
  else {
    const place = expression?.text ?? paths[rank === noRank ? 0 : rank]?.text ?? "";
    const reason = `${place} is a list or an object, not a single value`;
    addMisfit(pack, metric, metric.name, sketch(wrong), reason);
  }
}

/** What a wildcard called so by chance is another thing, and no event has two values of one name. */
function giveWay(pack: Pack, metric: Metric): void {
  pack.wildNames?.delete(metric.name);
  const at = pack.measurements.findIndex(({ name }) => name === metric.name);
  const [other] = at < 0 ? [] : pack.measurements.splice(at, 1);
  if (other === undefined) return;
  const reason = `another value has the name ${metric.name}, too: ${String(other.value).slice(0, 64)}`;
  noteMisfit(pack, metric, other.value, reason);
}

/**
 * Adds what a wildcard led to. A probe that says who it is has its identity in its name, whatever else
 * answers. Of the others the only one is named plainly where the name has no `{key}`; when there are
 * several, each name gets its key, so that a sensor that falls out never hands its name to its
 * neighbor.
 */
export function addMatches(
  pack: Pack,
  metric: Metric,
  matches: readonly Match[],
  probes: ProbeNames,
  reading: Reading,
): void {
  const { text, wildcard } = metric.mapping.paths[0];
  const { measurements } = pack;
  const start = measurements.length;
  let strangers = 0;
  for (const { probe } of matches) if (probe === undefined) strangers += 1;
  for (const match of matches) {
    const { key, probe, value } = match;
    if (value === null) {
      pack.silent += 1;
      continue;
    }
    const place = `${text} (${key})`;
    let name = nameMatch(metric, key, probe, strangers === 1, probes);
    let same = measurements.findIndex((one) => one.name === name);
    if (same >= start && probe !== undefined) {
      name = nameByKey(metric, key);
      same = measurements.findIndex((one) => one.name === name);
    }
    // `*` leads to places that other metrics read, too; `**` never does.
    if (same >= start || (same >= 0 && wildcard === "leaves"))
      noteMisfit(pack, metric, value, `${place}: two values have the name ${name}`);
    else if (same < 0) {
      addValue(pack, metric, name, value, place, match, reading);
      pack.wildNames ??= new Set();
      pack.wildNames.add(name);
    }
  }
}

/** Reads a metric that no walk leads to; false where there is nothing. */
export function readApart(target: Target, { words }: Metric, reading: Reading): boolean {
  const { root, whole } = reading;
  const { mapping } = target;
  const [path] = mapping.paths;
  if (mapping.value !== undefined) {
    target.value = failureIn(mapping.value, reading);
    if (target.value !== undefined) return true;
    const found = mapping.value.run(whole, root, words);
    // What is behind the digits of a device is dust of the computation.
    if (typeof found === "number") target.value = Number(found.toPrecision(12));
    else if (isScalar(found)) target.value = found;
    return target.value !== undefined;
  }
  if (path.wildcard === "none") return readFirst(target, root, whole);
  visitMatches(
    path,
    root,
    (key, value, member) => {
      if (target.excepts(key)) return true;
      const probe = probeOf(mapping, member);
      return target.add({ key, value, member, probe });
    },
    whole,
  );
  return target.matches.length > 0;
}

/** Why one of the values that an expression asks for could not be had. */
function failureIn(
  { reads, readsWhole }: Expression,
  { failures, root, whole }: Reading,
): string | undefined {
  if (failures === undefined) return undefined;
  const values = [
    ...reads.map((steps) => descend(root, steps)),
    ...readsWhole.map((steps) => descend(whole, steps)),
  ];
  return values.find((value): value is string => typeof value === "string" && failures.has(value));
}

function readFirst(target: Target, root: unknown, whole: unknown): boolean {
  let isThere = false;
  for (const [rank, path] of target.mapping.paths.entries()) {
    const found = readPath(path, root, whole);
    if (found === undefined) continue;
    isThere = true;
    if (isScalar(found)) {
      target.rank = rank;
      target.value = found;
      return true;
    }
    if (isRecord(found) && !isEmpty(found)) target.wrong ??= found;
  }
  return isThere;
}
