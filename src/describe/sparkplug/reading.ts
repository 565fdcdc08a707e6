/** One value of a message as a measurement. */
import type { EpochMs } from "../../core/clock.ts";
import type { Measurement } from "../../core/measurement.ts";
import { convert } from "../../core/unit-conversion.ts";
import type { DataType } from "../../normalize/codecs/sparkplug/data-type.ts";
import { meaningOf } from "../../normalize/codecs/sparkplug/meaning.ts";
import type { Varint } from "../../normalize/codecs/sparkplug/protobuf-reader.ts";
import { type Definition, defineMetric, unitWordOf } from "./definition.ts";
import { qualityOf } from "./quality.ts";
import type { SingleValue } from "./single-values.ts";

/** `none`: null. `unread`: a list, a table, a file. */
export type Reading =
  | { readonly kind: "value"; readonly measurement: Measurement; readonly problem?: string }
  | { readonly kind: "none" }
  | { readonly kind: "unread" };

const longestText = 4_096;
const latestMs = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** `name` is that of its measurements; without a birth nothing says of which type and unit it is. */
export function readValue(
  single: SingleValue,
  name: string,
  definition: Definition | undefined,
): Reading {
  const { properties, value } = single;
  if (value === undefined) return { kind: "none" };
  const type = single.type ?? definition?.type;
  const meant = meaningOf(value, type);
  if (meant === null || meant === "") return { kind: "none" };
  if (meant === undefined) return { kind: "unread" };
  const quality = qualityOf(properties);
  if (typeof meant === "object") {
    if (!("problem" in meant)) return { kind: "unread" };
    return misfit(name, `${name} ${meant.problem}`, String(value.value));
  }
  if (typeof meant === "bigint") {
    const doubted = quality === "bad" ? quality : "uncertain";
    return { kind: "value", measurement: { name, value: String(meant), quality: doubted } };
  }
  if (definition?.type !== undefined && kindOf(definition.type) !== typeof meant)
    return misfit(
      name,
      `${name} is ${String(meant).slice(0, 64)}, not a ${definition.type}`,
      String(meant),
    );
  if (typeof meant === "string" && meant.length > longestText)
    return misfit(name, `${name} has more than ${longestText} characters`, meant);
  if (type === "DateTime" && typeof meant === "number")
    return { kind: "value", measurement: { name, value: dateText(meant), quality } };
  const { conversion, unit } = inUnitOf(single, definition, name) ?? {};
  if (typeof meant !== "number" || unit === undefined)
    return { kind: "value", measurement: { name, value: meant, quality } };
  const converted = conversion === undefined ? meant : convert(meant, conversion);
  if (!Number.isFinite(converted))
    return misfit(name, `${name} is ${meant}, which is too big in ${unit}`, String(meant));
  return { kind: "value", measurement: { name, unit, value: converted, quality } };
}

/** Data may name another unit than the birth did. */
function inUnitOf(
  { properties, type }: SingleValue,
  definition: Definition | undefined,
  name: string,
): Definition | undefined {
  const word = unitWordOf(properties);
  const isOther = word !== "" && word !== definition?.unitWord;
  return isOther ? defineMetric(type, word, name) : definition;
}

/** What came is told as a text that nobody takes for a value. */
function misfit(name: string, problem: string, came: string): Reading {
  const value = came.slice(0, 64);
  return { kind: "value", measurement: { name, value, quality: "bad" }, problem };
}

function kindOf(type: DataType): "number" | "boolean" | "string" {
  if (type === "Boolean") return "boolean";
  return type === "String" || type === "Text" || type === "UUID" ? "string" : "number";
}

function dateText(ms: number): string {
  return ms <= latestMs ? new Date(ms).toISOString() : String(ms);
}

/** A moment that a payload tells; undefined for none, of which 0 is one. */
export function momentOf(timestamp: Varint | undefined): EpochMs | undefined {
  if (typeof timestamp !== "number" || timestamp === 0 || timestamp > latestMs) return undefined;
  return timestamp;
}
