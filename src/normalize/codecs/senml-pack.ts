/** A SenML pack, decoded from whatever it was written in, to what each device measured when. */
import type { EpochMs } from "../../core/clock.ts";
import { isObject } from "../../core/is-object.ts";
import type { Decoded } from "./codec.ts";
import { maxLines, ReadLines } from "./lines.ts";
import { baseOf, type Resolved, refusalOf, resolveRecord, startOfPack } from "./senml-record.ts";

/** What a device measured at one moment. */
interface Observation {
  readonly base: string;
  /** Seconds since 1970; absent where the pack has no time. */
  readonly time?: number;
  readonly values: Map<string, unknown>;
  readonly units: Map<string, string>;
  /** Integrals over time. */
  readonly sums: Map<string, number>;
}

export function readPack(decoded: Extract<Decoded, { ok: true }>, receivedMs: EpochMs): Decoded {
  const read = new ReadLines();
  for (const misfit of decoded.misfits ?? []) read.misfit(misfit);
  for (const number of decoded.bigNumbers ?? []) read.bigNumbers.add(number);
  const records = recordsOf(decoded.value);
  const refusal = records.map(refusalOf).find((reason) => reason !== undefined);
  if (refusal !== undefined) return { ok: false, reason: refusal };
  const resolved = resolveAll(records, receivedMs, read);
  const unitsOf = unitsOfNameless(resolved);
  const found = new Map<string, Observation>();
  for (const record of resolved) {
    add(found, record, nameOf(record, unitsOf.get(record.base)), read);
    if (found.size > maxLines)
      return { ok: false, reason: `payload is of more than ${maxLines} devices and moments` };
  }
  for (const { base, sums, time, units, values } of found.values())
    read.values.push({
      base,
      ...(time !== undefined && { time }),
      values: Object.fromEntries(values),
      units: Object.fromEntries(units),
      ...(sums.size > 0 && { sums: Object.fromEntries(sums) }),
    });
  return read.decoded("no SenML record is in the payload");
}

function resolveAll(
  records: readonly unknown[],
  receivedMs: EpochMs,
  read: ReadLines,
): readonly Resolved[] {
  const all: Resolved[] = [];
  let base = startOfPack;
  for (const record of records) {
    base = baseOf(record, base);
    const resolved = resolveRecord(record, base, receivedMs);
    if (typeof resolved === "string") read.misfit(resolved, wordOf(record));
    else if (resolved !== undefined) all.push(resolved);
  }
  return all;
}

/** Of each device the units of what has no name of its own. */
function unitsOfNameless(records: readonly Resolved[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { base, name, unit } of records) {
    if (name !== "" || unit === undefined) continue;
    const units = found.get(base);
    if (units === undefined) found.set(base, new Set([unit]));
    else units.add(unit);
  }
  return found;
}

/** A device may measure several things under its own name alone: then their units tell them apart. */
function nameOf({ name, unit }: Resolved, units: ReadonlySet<string> | undefined): string {
  if (name !== "") return name;
  return (units?.size ?? 0) > 1 && unit !== undefined ? unit : "value";
}

function add(
  found: Map<string, Observation>,
  { base, sum, time, unit, value }: Resolved,
  name: string,
  read: ReadLines,
): void {
  const key = `${time ?? ""} ${base}`;
  let observation = found.get(key);
  if (observation === undefined) {
    const times = time === undefined ? {} : { time };
    observation = { base, ...times, values: new Map(), units: new Map(), sums: new Map() };
    found.set(key, observation);
  }
  if (value !== undefined && observation.values.has(name)) {
    read.misfit(`${name.slice(0, 64)} stands more than once for one moment`);
    observation.values.set(name, null);
  } else if (value !== undefined) observation.values.set(name, value);
  if (unit !== undefined) observation.units.set(name, unit);
  if (sum !== undefined) observation.sums.set(name, sum);
}

/** A single record needs no list; LwM2M has its records in `e`, with the base around them. */
function recordsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (!isObject(value)) return [];
  const { e, ...base } = value;
  return Array.isArray(e) ? [base, ...e] : [value];
}

function wordOf(record: unknown): string | undefined {
  const name = isObject(record) ? record["n"] : undefined;
  return typeof name === "string" ? name : undefined;
}
