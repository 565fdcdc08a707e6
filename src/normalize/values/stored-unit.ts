/** In which unit values are stored that a device has in another. */
import type { Unit } from "../../core/unit.ts";
import { conversionFrom } from "./named-unit.ts";
import { unitMeant } from "./unit-meant.ts";

/** One for each quantity, those of the profiles that come along. */
const usual: readonly Unit[] = [
  "Cel",
  "hPa",
  "m/s",
  "kWh",
  "W",
  "V",
  "A",
  "m",
  "l",
  "kg",
  "s",
  "Hz",
  "lx",
  "VA",
  "var",
  "S/m",
];

/** The registered unit that a text means, else the usual one that it is converted to. */
export function storedUnit(written: string): Unit | undefined {
  return unitMeant(written) ?? usual.find((unit) => conversionFrom(written, unit) !== undefined);
}
