/** Decimal numbers as bytes, for what is written too often for strings. Whole, not below 0. */

const digit0 = 0x30;

/** How many digits a number has. */
export function digitsOf(value: number): number {
  let digits = 1;
  for (let limit = 10; limit <= value; limit *= 10) digits += 1;
  return digits;
}

/** Writes a number at `at`; returns the place behind it. */
export function writeDigits(bytes: Uint8Array, at: number, value: number): number {
  const end = at + digitsOf(value);
  let rest = value;
  for (let place = end - 1; place >= at; place -= 1) {
    const tens = Math.floor(rest / 10);
    bytes[place] = digit0 + rest - tens * 10;
    rest = tens;
  }
  return end;
}
