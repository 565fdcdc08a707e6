/**
 * From one value of a message to the value of a measurement: its type, its meaning, its unit, and how
 * far it can be trusted.
 */
import type { Quality } from "../../core/measurement.ts";
import { type Conversion, convert } from "../../core/unit-conversion.ts";
import type { Scalar } from "../paths/path.ts";
import type { MetricMapping } from "../profile.ts";
import { conversionFrom } from "./named-unit.ts";
import { isNoValue } from "./no-value.ts";
import { parseNumber } from "./parse-number.ts";

/** Longer texts do not fit. */
const maxTextLength = 4096;

/** What became of the value; the same object each time, so that a value costs no memory. */
export interface Fit {
  /** Undefined for no value. */
  value: Scalar | undefined;
  quality: Quality;
  /** Why the value does not fit; undefined where it does. */
  problem: string | undefined;
}

const fit: Fit = { value: undefined, quality: "good", problem: undefined };
const wireTypes = { number: "number", boolean: "boolean", text: "string" } as const;

/**
 * Valid until the next call. `conversion` is the one that the message itself asks for, in place of
 * the profile's. A number that is too big to be one comes as the text of its digits, and stays that:
 * where numbers belong, and where anything does, it is uncertain.
 */
export function fitValue(
  mapping: MetricMapping,
  found: Scalar,
  conversion?: Conversion,
  isBig = false,
): Fit {
  fit.value = undefined;
  fit.quality = mapping.quality;
  fit.problem = undefined;
  const { sentinels, type, values } = mapping;
  if (sentinels !== undefined && isSentinel(mapping, String(inUnit(found, conversion)))) return fit;
  const meant = values?.get(String(found));
  if (meant === null) return fit;
  if (meant !== undefined) return rate(mapping, meant);
  if (isBig && typeof found === "string" && (type === "number" || type === "any")) {
    fit.quality = "uncertain";
    return rate(mapping, found);
  }
  if (typeof found === "string") {
    if (type === "text" ? found === "" : isNoValue(found)) return fit;
    if (mapping.parsed) return fitNumber(mapping, found, conversion);
  }
  if (type === "listed") return misfit(`is ${shown(found)}, which has no meaning`);
  if (type !== "any" && typeof found !== wireTypes[type])
    return misfit(`is ${shown(found)}, not a ${type}`);
  if (typeof found === "number")
    return rate(mapping, toUnit(found, mapping, conversion ?? mapping.conversion));
  if (typeof found === "string" && found.length > maxTextLength)
    return misfit(`has more than ${maxTextLength} characters`);
  return rate(mapping, found);
}

function fitNumber(mapping: MetricMapping, text: string, named: Conversion | undefined): Fit {
  const written = parseNumber(text);
  if (written === undefined) return misfit(`is ${shown(text)}, not a number`);
  if (mapping.sentinels !== undefined && isSentinel(mapping, String(written.value))) return fit;
  let conversion = named ?? mapping.conversion;
  if (written.unit !== "") {
    conversion = conversionFrom(written.unit, mapping.unit ?? "");
    if (conversion === undefined)
      return misfit(
        `is ${shown(text)}, which cannot be converted to ${mapping.unit ?? "a number without unit"}`,
      );
  }
  if (written.ambiguous && fit.quality === "good") fit.quality = "uncertain";
  return rate(mapping, toUnit(written.value, mapping, conversion));
}

/** What stands for no value is told in the unit of the metric, whatever unit a message is in. */
function inUnit(found: Scalar, named: Conversion | undefined): Scalar {
  return named === undefined || typeof found !== "number" ? found : convert(found, named);
}

/** True for what stands for no value; marks what stands for one that is not to be trusted. */
function isSentinel({ sentinels }: MetricMapping, print: string): boolean {
  const sentinel = sentinels?.get(print);
  if (sentinel === "none") return true;
  if (sentinel !== undefined) fit.quality = sentinel;
  return false;
}

function rate({ range }: MetricMapping, value: Scalar): Fit {
  if (typeof value === "number") {
    if (!Number.isFinite(value)) return misfit("is not a finite number");
    if (range !== undefined && (value < range[0] || value > range[1])) fit.quality = "bad";
  }
  fit.value = value;
  return fit;
}

function misfit(problem: string): Fit {
  fit.problem = problem;
  fit.quality = "bad";
  return fit;
}

function toUnit(value: number, mapping: MetricMapping, conversion: Conversion | undefined): number {
  const own = scaled(value, mapping);
  return conversion === undefined ? own : convert(own, conversion);
}

/** Scales so that decimal values stay decimal: 3 tenths are 0.3, not 0.30000000000000004. */
/** 0.06 g are 0.588399 m/s2, and not 0.5883989999999999. */
function withoutDust(product: number): number {
  return Number(product.toPrecision(15));
}

function scaled(value: number, { scale, offset }: MetricMapping): number {
  if (scale === 1 && offset === 0) return value;
  const inverse = Math.round(1 / scale);
  const product =
    inverse !== 0 && 1 / inverse === scale ? value / inverse : withoutDust(value * scale);
  if (offset === 0) return product;
  const sum = product + offset;
  return Math.abs(sum) < 1e6 ? Math.round(sum * 1e9) / 1e9 : sum;
}

function shown(value: Scalar): string {
  const text = String(value);
  const cut = text.length > 64 ? `${text.slice(0, 64)}…` : text;
  return typeof value === "string" ? `"${cut}"` : cut;
}
