/**
 * Conversion between units of one quantity, by exact factors: what a device sends in degrees
 * Fahrenheit or bar is stored in the unit of its metric. The factors are whole numbers and their
 * quotients, so that a decimal value stays one: 412 kPa are 4120 hPa and not 4119.9999.
 */
import { type ConvertibleUnit, convertibleUnits } from "./convertible-units.ts";

/** From one unit to another. Made by `conversionOf` only. */
export interface Conversion {
  /** value × multiply ÷ divide + add */
  readonly multiply: number;
  readonly divide: number;
  readonly add: number;
  /** How many decimals a value gains; undefined where the quotient has no end. */
  readonly decimals: number | undefined;
  /** Decimals of what is added. */
  readonly decimalsAdded: number;
}

/** More digits than any device measures; what is behind them is dust of the computation. */
const mostDigits = 12;
/** A result has one digit more than the device sent, and so many at least. */
const fewestDigits = 6;

/** What the value in the one unit is in the other; undefined where they measure different things. */
export function conversionOf(from: string, to: string): Conversion | undefined {
  const source = unitOf(from);
  const target = unitOf(to);
  if (source === undefined || source.quantity !== target?.quantity) return undefined;
  const numerator = source.factor[0] * target.factor[1];
  const denominator = source.factor[1] * target.factor[0];
  const divisor = greatestDivisor(numerator, denominator);
  const multiply = numerator / divisor;
  const divide = denominator / divisor;
  const add = (source.zero * Number(target.factor[1])) / Number(target.factor[0]);
  const shift = (target.zero * Number(target.factor[1])) / Number(target.factor[0]);
  return {
    multiply: Number(multiply),
    divide: Number(divide),
    add: round(add - shift, mostDigits),
    decimals: decimalsOf(multiply, divide),
    decimalsAdded: countDecimals(round(add - shift, 6)),
  };
}

/** The value in the other unit, without decimal dust. Finite for what is finite and not huge. */
export function convert(value: number, conversion: Conversion): number {
  const { add, decimals, decimalsAdded, divide, multiply } = conversion;
  if (multiply === divide && add === 0) return value;
  const result = (value * multiply) / divide + add;
  const sent = countDecimals(value);
  // A probe measures in Celsius or Kelvin; its firmware made other degrees of that, which are finer.
  if (decimals === undefined && add !== 0) return round(result, Math.max(1, sent));
  const magnitude = magnitudeOf(result);
  const exact = decimals === undefined ? mostDigits : Math.max(sent + decimals, decimalsAdded);
  const told = add === 0 ? Math.max(fewestDigits, countDigits(value) + 1) : mostDigits;
  return round(result, Math.min(exact, told - magnitude, mostDigits - magnitude));
}

function unitOf(name: string): ConvertibleUnit | undefined {
  return Object.hasOwn(convertibleUnits, name) ? convertibleUnits[name] : undefined;
}

/** Digits in front of the decimal point; below 0 for so many zeros behind it. */
function magnitudeOf(value: number): number {
  return value === 0 ? 1 : Math.floor(Math.log10(Math.abs(value))) + 1;
}

function round(value: number, decimals: number): number {
  const places = Math.max(0, Math.min(decimals, 20));
  const power = 10 ** places;
  const scaled = value * power;
  return Math.abs(scaled) < Number.MAX_SAFE_INTEGER ? Math.round(scaled) / power : value;
}

/** How many decimals the shortest text of a number has. */
function countDecimals(value: number): number {
  const text = String(value);
  const exponentAt = text.indexOf("e");
  const exponent = exponentAt < 0 ? 0 : Number(text.slice(exponentAt + 1));
  const mantissa = exponentAt < 0 ? text : text.slice(0, exponentAt);
  const point = mantissa.indexOf(".");
  return Math.max(0, (point < 0 ? 0 : mantissa.length - point - 1) - exponent);
}

function countDigits(value: number): number {
  return String(Math.abs(value)).replace(/e.*$/, "").replace(".", "").replace(/^0+/, "").length;
}

/** The decimals that a quotient adds to a number, or takes away; undefined without end. */
function decimalsOf(multiply: bigint, divide: bigint): number | undefined {
  let twos = 0;
  let fives = 0;
  let rest = divide;
  for (; rest % 2n === 0n; rest /= 2n) twos += 1;
  for (; rest % 5n === 0n; rest /= 5n) fives += 1;
  if (rest !== 1n) return undefined;
  if (twos > 0 || fives > 0) return Math.max(twos, fives);
  let tens = 0;
  for (let left = multiply; left % 10n === 0n; left /= 10n) tens += 1;
  return -tens;
}

function greatestDivisor(one: bigint, other: bigint): bigint {
  return other === 0n ? one : greatestDivisor(other, one % other);
}
