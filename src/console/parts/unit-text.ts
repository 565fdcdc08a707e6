/** Values with the signs of units that people read. Pure. */
import { signOf } from "../../core/unit.ts";
import { valueText } from "./number-text.ts";

/** `°C` for `Cel`; empty where there is none. */
export function unitText(unit: string | null): string {
  return unit === null ? "" : signOf(unit);
}

/** `-11.4 °C`. */
export function quantityText(value: number | boolean | string, unit: string | null): string {
  const sign = unitText(unit);
  return sign === "" ? valueText(value) : `${valueText(value)} ${sign}`;
}
