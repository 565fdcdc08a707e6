/**
 * Numbers of 16, 32 and 64 bits as decimal numbers with the fewest digits: 21.4, not
 * 21.399999618530273. A whole number is itself. One that is not finite is none.
 */

/** Decimal digits that such a number always keeps. */
const halfDigits = 3;
const singleDigits = 6;

export function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** The number that 16 bits stand for. */
export function shortHalf(bits: number): number | null {
  return shortest(half(bits), halfDigits, isSameHalf);
}

/** A number that was stored in 32 bits. */
export function shortSingle(value: number): number | null {
  return shortest(value, singleDigits, (short) => Math.fround(short) === value);
}

function shortest(
  value: number,
  digits: number,
  isSame: (short: number, value: number) => boolean,
): number | null {
  if (!Number.isFinite(value)) return null;
  if (Number.isSafeInteger(value)) return value;
  for (let some = digits; some < digits + 4; some += 1) {
    const short = Number(value.toPrecision(some));
    if (isSame(short, value)) return short;
  }
  return value;
}

/** Less away than half a step of the 11 bits that a half number has. */
function isSameHalf(short: number, value: number): boolean {
  return (
    short === value || Math.abs(short - value) < 2 ** (Math.floor(Math.log2(Math.abs(value))) - 11)
  );
}

function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1_024) * 2 ** (exponent - 15);
}
