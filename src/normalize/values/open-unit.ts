/** Units of values of which a profile knows none: the message alone names them. */
import { remember } from "../../core/remember.ts";
import { isUnit, type Unit } from "../../core/unit.ts";
import type { Conversion } from "../../core/unit-conversion.ts";
import { conversionFrom } from "./named-unit.ts";
import { storedUnit } from "./stored-unit.ts";
import { unitMeant } from "./unit-meant.ts";

/** The unit that a value is stored in, and how it becomes one in it; undefined where it is already. */
export interface OpenUnit {
  readonly unit: Unit;
  readonly conversion: Conversion | undefined;
}

/** Longer words name no unit. */
const maxLength = 24;

/** A device that is set to other degrees goes on with the series that it has. */
const steadyUnits: readonly Unit[] = ["Cel", "hPa", "m/s"];

/** Gram or gravity, tesla or ton, henry or hours. */
const ambiguous: ReadonlySet<string> = new Set(["g", "T", "H"]);

/** Undefined for a word that is not known, or that may mean two things where it is no SenML unit. */
export function openUnit(word: string, senml: boolean): OpenUnit | undefined {
  if (senml) return isUnit(word) ? { unit: word, conversion: undefined } : undefined;
  return word.length > maxLength || ambiguous.has(word) ? undefined : remembered(word);
}

/** Messages name the same few units again and again. */
const remembered = remember(1_024, (word): OpenUnit | undefined => {
  for (const unit of steadyUnits) {
    const conversion = conversionFrom(word, unit);
    if (conversion !== undefined) return { unit, conversion };
  }
  const unit = storedUnit(word);
  if (unit === undefined) return undefined;
  const conversion = unitMeant(word) === unit ? undefined : conversionFrom(word, unit);
  return { unit, conversion };
});
