/** Resolves SenML records: what the base fields of this and of earlier records add to each. */
import type { EpochMs } from "../../core/clock.ts";
import { isObject } from "../../core/is-object.ts";

/** The base fields that hold for the records behind. */
export interface BaseFields {
  readonly name: string;
  readonly time: number;
  readonly unit?: string;
  readonly value: number;
  readonly sum: number;
}

export const startOfPack: BaseFields = { name: "", time: 0, value: 0, sum: 0 };

/** One record that needs nothing around it. */
export interface Resolved {
  /** The base name without the sign at its end. */
  readonly base: string;
  readonly name: string;
  readonly unit?: string;
  /** Seconds since 1970. */
  readonly time?: number;
  readonly value?: number | string | boolean;
  readonly sum?: number;
}

interface Problem {
  readonly problem: string;
}

export function isProblem(resolved: object): resolved is Problem {
  return "problem" in resolved;
}

/** Smaller times are seconds from now (RFC 8428, 4.5.3). */
const firstAbsoluteTime = 2 ** 28;

/** Of names and units. A base holds for all records behind it, so its length counts for each of them. */
const mostCharacters = 256;

/** Fields that end so must be understood, or the record is not. */
const mustUnderstand = "_";

export function resolveRecord(
  record: unknown,
  before: BaseFields,
  receivedMs: EpochMs,
): { readonly base: BaseFields; readonly records: readonly Resolved[] } | Problem {
  if (!isObject(record)) return { problem: "a record is no object" };
  const must = Object.keys(record).find((key) => key.endsWith(mustUnderstand));
  if (must !== undefined) return { problem: `the field ${must} must be understood and is not` };
  const long = ["bn", "bu", "n", "u"].find((key) => lengthOf(record[key]) > mostCharacters);
  if (long !== undefined) return { problem: `${long} has more than ${mostCharacters} characters` };
  const unit = textOf(record["bu"]) ?? before.unit;
  const base: BaseFields = {
    name: textOf(record["bn"]) ?? before.name,
    time: numberOf(record["bt"]) ?? before.time,
    value: numberOf(record["bv"]) ?? before.value,
    sum: numberOf(record["bs"]) ?? before.sum,
    ...(unit !== undefined && { unit }),
  };
  const value = recordValue(record, base.value);
  const ownSum = numberOf(record["s"]);
  if (value === undefined && ownSum === undefined) {
    const carries = ["n", "u", "t"].some((key) => record[key] !== undefined);
    return carries ? { problem: "a record has no value" } : { base, records: [] };
  }
  const time = timeOf(base.time + (numberOf(record["t"]) ?? 0), receivedMs);
  const ownUnit = textOf(record["u"]) ?? base.unit;
  const resolved: Resolved = {
    ...namesOf(base.name, textOf(record["n"]) ?? ""),
    ...(ownUnit !== undefined && { unit: ownUnit }),
    ...(time !== undefined && { time }),
    ...(value !== undefined && { value }),
    ...(ownSum !== undefined && { sum: base.sum + ownSum }),
  };
  return { base, records: [resolved] };
}

function recordValue(
  record: Readonly<Record<string, unknown>>,
  base: number,
): number | string | boolean | undefined {
  const number = numberOf(record["v"]);
  if (number !== undefined) return base + number;
  if (typeof record["vb"] === "boolean") return record["vb"];
  return textOf(record["v"]) ?? textOf(record["vs"]) ?? textOf(record["vd"]);
}

function timeOf(seconds: number, receivedMs: EpochMs): number | undefined {
  if (seconds === 0) return undefined;
  return seconds < firstAbsoluteTime ? receivedMs / 1_000 + seconds : seconds;
}

/** A name that begins as device names do is one; what is measured then has none of its own. */
function namesOf(base: string, name: string): Pick<Resolved, "base" | "name"> {
  const device = base === "" && name.startsWith("urn:dev:") ? name : base.replace(/[:/_.-]$/, "");
  return { base: device, name: name === "" || device === name ? "value" : name };
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

function lengthOf(value: unknown): number {
  return typeof value === "string" ? value.length : 0;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
