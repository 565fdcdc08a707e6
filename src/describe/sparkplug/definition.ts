/** What a birth says of one metric: everything but its value. */
import type { Unit } from "../../core/unit.ts";
import type { Conversion } from "../../core/unit-conversion.ts";
import type { DataType } from "../../normalize/codecs/sparkplug/data-type.ts";
import type { Properties } from "../../normalize/codecs/sparkplug/property-set.ts";
import { meantUnit } from "../meant-unit.ts";

export interface Definition {
  readonly type: DataType | undefined;
  /** As the birth writes it; empty for none. */
  readonly unitWord: string;
  /** The name of its measurements. */
  readonly name: string;
  readonly unit: Unit | undefined;
  readonly conversion: Conversion | undefined;
}

export function defineMetric(
  type: DataType | undefined,
  unitWord: string,
  name: string,
): Definition {
  const { conversion, unit } = unitWord === "" ? {} : meantUnit(unitWord, undefined);
  return { type, unitWord, name, unit, conversion };
}

/** Keys by which nodes name the unit; the specification has none, and Ignition's is the first. */
const unitKeys = ["engUnit", "engineeringUnits", "Engineering Units", "Unit", "Units"].map((key) =>
  key.toLowerCase(),
);
const mostCharacters = 32;

export function unitWordOf(properties: Properties | undefined): string {
  for (const [key, { value }] of properties ?? [])
    if (value?.kind === "string" && unitKeys.includes(key.toLowerCase()))
      return value.value.trim().slice(0, mostCharacters);
  return "";
}
