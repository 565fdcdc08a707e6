/** In which unit a value came, and in which it is stored. */
import type { Unit } from "../../core/unit.ts";
import type { Conversion } from "../../core/unit-conversion.ts";
import type { Scalar } from "../paths/path.ts";
import type { NamedUnit } from "../profile.ts";
import { type KeyFound, namedConversion, unitWord } from "../values/named-unit.ts";
import { openUnit } from "../values/open-unit.ts";
import type { Reading } from "./pack.ts";

/** What the profile and the message together say of the unit of a value. */
export interface UnitOfValue {
  readonly unit?: Unit | undefined;
  /** The one that the message asks for, in place of the profile's. */
  readonly conversion?: Conversion | undefined;
  /** Of a word of the message, to stand behind the place of the value. */
  readonly problem?: string;
  /** The value cannot be had in the unit of the metric. */
  readonly isWrong?: true;
}

/** `unit` is that of the metric, `at` what its wildcard stands for. */
export function unitOfValue(
  namedUnit: NamedUnit,
  unit: Unit | undefined,
  found: Scalar,
  at: KeyFound | undefined,
  { root, whole }: Reading,
): UnitOfValue {
  const word = unitWord(namedUnit, at, root, whole);
  if (unit === undefined) {
    if (typeof found !== "number" || word === "") return {};
    const problem = `is in "${word.slice(0, 24)}", which is no unit for certain`;
    return openUnit(word, namedUnit.senml) ?? { problem };
  }
  const named = namedConversion(namedUnit, word, unit);
  if (typeof named !== "string") return { unit, conversion: named };
  const problem = `is in "${named}", which cannot be converted to ${unit}`;
  return { unit, problem, isWrong: true };
}
