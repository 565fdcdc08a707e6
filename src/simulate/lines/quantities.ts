/** What simulated meters measure, as functions of the number of the reading. */
import { rounded } from "../behavior.ts";

/** Watts that go up and down over some hundred readings. */
export function powerAt(number: number, phase = 0): number {
  return Math.round(1_200 + 1_000 * Math.sin(number / 40 + phase));
}

/** Volts of a phase. */
export function voltageAt(number: number, phase = 0): number {
  return rounded(230 + 3 * Math.sin(number / 25 + phase), 1);
}

/** `digits` before the point and `decimals` behind it, as meters print numbers. */
export function padded(value: number, digits: number, decimals: number): string {
  return value.toFixed(decimals).padStart(digits + 1 + decimals, "0");
}
