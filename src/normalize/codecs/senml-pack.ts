/** A SenML pack, decoded from whatever it was written in, to what each device measured when. */
import type { EpochMs } from "../../core/clock.ts";
import { isObject } from "../../core/is-object.ts";
import type { Decoded } from "./codec.ts";
import { maxLines, ReadLines } from "./lines.ts";
import { isProblem, type Resolved, resolveRecord, startOfPack } from "./senml-record.ts";

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
  const found = new Map<string, Observation>();
  let base = startOfPack;
  for (const record of recordsOf(decoded.value)) {
    const resolved = resolveRecord(record, base, receivedMs);
    if (isProblem(resolved)) {
      read.misfit(resolved.problem, nameOf(record));
      continue;
    }
    base = resolved.base;
    for (const one of resolved.records) add(found, one, read);
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

function add(found: Map<string, Observation>, record: Resolved, read: ReadLines): void {
  const { base, name, sum, time, unit, value } = record;
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

function nameOf(record: unknown): string | undefined {
  const name = isObject(record) ? record["n"] : undefined;
  return typeof name === "string" ? name : undefined;
}
