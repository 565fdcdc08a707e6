/**
 * The number in a text, as people and firmwares write numbers: `-1.6`, `21,5`, `1.234,56`,
 * `1 234`, `3.276 V`. Never octal, hexadecimal or a date: what is not a decimal number is none.
 */

/** A number that was written as text. */
export interface WrittenNumber {
  readonly value: number;
  /** What stands behind it, without white space; empty where nothing does. */
  readonly unit: string;
  /** `1,234` may be a thousand or one; it is read as one. */
  readonly ambiguous: boolean;
}

/** Longer texts are no numbers. */
const maxLength = 64;

/** Groups of three digits, then what may be decimals, an exponent and a unit. */
const pattern =
  /^([-+\u2212\u2013]?)\s*(\d[\d.,'\u2019_ \u00a0\u2009\u202f]*|[.,]\d+)(?:[eE]([-+]?\d{1,3})(?![\w.,]))?\s*(\D.*)?$/u;
const separators = /['\u2019_ \u00a0\u2009\u202f]/gu;
const grouped = /^\d{1,3}(?:['\u2019_ \u00a0\u2009\u202f]\d{3})+(?:[.,]\d*)?$/u;

/** Undefined where the text does not begin with a number, or has more than one. */
export function parseNumber(text: string): WrittenNumber | undefined {
  if (text.length > maxLength) return undefined;
  const match = pattern.exec(text.trim());
  if (match === null) return undefined;
  const [, sign = "", digits = "", exponent = "0", unit = ""] = match;
  const plain = digits.trim();
  if (/['\u2019_ \u00a0\u2009\u202f]/u.test(plain) && !grouped.test(plain)) return undefined;
  const decimal = toDecimal(plain.replace(separators, ""));
  if (decimal === undefined) return undefined;
  const value = Number(`${decimal}e${exponent}`);
  if (!Number.isFinite(value)) return undefined;
  const negative = sign !== "" && sign !== "+";
  return {
    value: negative && value !== 0 ? -value : value,
    unit: unit.trim(),
    ambiguous: /^[1-9]\d{0,2},\d{3}$/.test(plain),
  };
}

/** With a point in front of the decimals, and nothing else between digits. */
function toDecimal(digits: string): string | undefined {
  const points = digits.split(".").length - 1;
  const commas = digits.split(",").length - 1;
  if (points === 0 && commas === 0) return digits;
  if (points + commas === 1) return digits.replace(",", ".");
  const last = Math.max(digits.lastIndexOf("."), digits.lastIndexOf(","));
  const mark = digits.charAt(last);
  const marks = mark === "." ? points : commas;
  const others = points + commas - marks;
  // Of two kinds the last is the decimal one; a single kind that comes again parts thousands.
  if (others > 0 && marks > 1) return undefined;
  const whole = others > 0 ? digits.slice(0, last) : digits;
  if (!/^\d{1,3}(?:[.,]\d{3})+$/.test(whole)) return undefined;
  const bare = whole.replace(/[.,]/g, "");
  return others > 0 ? `${bare}.${digits.slice(last + 1)}` : bare;
}
