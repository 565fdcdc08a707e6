/** Resolves SenML records: what the base fields of this and of earlier records add to each. */
import type { EpochMs } from "../../core/clock.ts";
import { isObject } from "../../core/is-object.ts";

/** The base fields that hold for the records behind; undefined for what was not said. */
export interface BaseFields {
  readonly name: string;
  readonly time: number;
  readonly unit: string | undefined;
  readonly value: number | undefined;
  readonly sum: number | undefined;
}

export const startOfPack: BaseFields = {
  ...{ name: "", time: 0 },
  ...{ unit: undefined, value: undefined, sum: undefined },
};

/** One record that needs nothing around it. */
export interface Resolved {
  /** The base name without the sign at its end. */
  readonly base: string;
  /** Empty where only the device is named. */
  readonly name: string;
  readonly unit?: string;
  /** Seconds since 1970. */
  readonly time?: number;
  readonly value?: number | string | boolean;
  readonly sum?: number;
}

/** Smaller times are seconds from now (RFC 8428, 4.5.3). */
const firstAbsoluteTime = 2 ** 28;

/** Of names and units. A base holds for all records behind it, so its length counts for each of them. */
const mostCharacters = 256;

/** Fields that end so must be understood, or the pack is not. */
const mustUnderstand = "_";

/** Of RFC 8428; from it on a version is a sum of features, of which secondary units are one (RFC 9100). */
const firstVersion = 10;
const secondaryUnits = 16;

/** Why the whole pack must not be used; undefined where it may. */
export function refusalOf(record: unknown): string | undefined {
  if (!isObject(record)) return undefined;
  const must = Object.keys(record).find((key) => key.endsWith(mustUnderstand));
  if (must !== undefined) return `the field ${must.slice(0, 64)} must be understood and is not`;
  const version = record["bver"];
  if (version !== undefined && !isKnownVersion(version))
    return `version ${String(version).slice(0, 64)} of SenML is not read`;
  const long = ["bn", "bu"].find((key) => lengthOf(record[key]) > mostCharacters);
  return long && `${long} has more than ${mostCharacters} characters`;
}

function isKnownVersion(version: unknown): boolean {
  if (typeof version !== "number" || !(version <= firstVersion + secondaryUnits)) return false;
  return version <= firstVersion || version === firstVersion + secondaryUnits;
}

/** What the base fields are from this record on. */
export function baseOf(record: unknown, before: BaseFields): BaseFields {
  if (!isObject(record)) return before;
  return {
    name: textOf(record["bn"]) ?? before.name,
    time: numberOf(record["bt"]) ?? before.time,
    unit: textOf(record["bu"]) ?? before.unit,
    value: numberOf(record["bv"]) ?? before.value,
    sum: numberOf(record["bs"]) ?? before.sum,
  };
}

/** The record with its base; undefined for one that is nothing but a base, a sentence for none. */
export function resolveRecord(
  record: unknown,
  base: BaseFields,
  receivedMs: EpochMs,
): Resolved | string | undefined {
  if (!isObject(record)) return "a record is no object";
  const long = ["n", "u"].find((key) => lengthOf(record[key]) > mostCharacters);
  if (long !== undefined) return `${long} has more than ${mostCharacters} characters`;
  const isNamed = ["n", "u", "t"].some((key) => record[key] !== undefined);
  const ownSum = numberOf(record["s"]);
  const value = measuredIn(record, base.value, isNamed && ownSum === undefined);
  const hasSum = ownSum !== undefined || isNamed || value !== undefined;
  const sum = hasSum ? added(base.sum, ownSum) : undefined;
  if (value === undefined && sum === undefined)
    return isNamed ? "a record has no value" : undefined;
  const time = timeOf(base.time + (numberOf(record["t"]) ?? 0), receivedMs);
  const unit = textOf(record["u"]) ?? base.unit;
  return {
    ...namesOf(base.name, textOf(record["n"]) ?? ""),
    ...(unit !== undefined && { unit }),
    ...(time !== undefined && { time }),
    ...(value !== undefined && { value }),
    ...(sum !== undefined && { sum }),
  };
}

/** A base value alone may be one, where the record has none of another kind. */
function measuredIn(
  record: Readonly<Record<string, unknown>>,
  base: number | undefined,
  mayBeBase: boolean,
): number | string | boolean | undefined {
  const number = numberOf(record["v"]);
  if (number !== undefined) return added(base, number);
  if (typeof record["vb"] === "boolean") return record["vb"];
  const text = textOf(record["v"]) ?? textOf(record["vs"]) ?? textOf(record["vd"]);
  return text ?? (mayBeBase ? base : undefined);
}

/** What is missing is 0 (RFC 8428, 4.5.4), where not both are; with the digits that a number keeps. */
function added(base: number | undefined, own: number | undefined): number | undefined {
  if (base === undefined || own === undefined) return base ?? own;
  const sum = Number((base + own).toPrecision(15));
  return Number.isFinite(sum) ? sum : undefined;
}

function timeOf(seconds: number, receivedMs: EpochMs): number | undefined {
  if (seconds === 0) return undefined;
  return seconds < firstAbsoluteTime ? receivedMs / 1_000 + seconds : seconds;
}

/** The names of devices that say themselves where they end (RFC 9039). */
const deviceName =
  /^(urn:dev:(?:(?:mac|ow):[0-9A-Fa-f]+|(?:org|os|ops):[^:/_]+))(?:[:/_](?<rest>.*))?$/s;

/** A name that begins as such a device does is of that one, whether a base was in front or not. */
function namesOf(base: string, name: string): Pick<Resolved, "base" | "name"> {
  const found = deviceName.exec(base === "" ? name : base);
  if (found !== null) {
    const [, device = ""] = found;
    const rest = found.groups?.["rest"];
    if (base === "") return { base: device, name: rest ?? "" };
    return { base: device, name: rest === undefined ? name.replace(/^[:/_]/, "") : rest + name };
  }
  if (base === "" && name.startsWith("urn:dev:")) return { base: name, name: "" };
  return { base: base.replace(/[:/_.-]$/, ""), name };
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
