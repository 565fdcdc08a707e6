/** What a value means. A bigint is a whole number that no other can hold; not finite is null. */
export type Meant = number | bigint | boolean | string | null;

/** Why the value is none of its type, in words. */
export interface Unmeant {
  readonly problem: string;
}

export function wholeNumber(value: bigint): Meant {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

export function realNumber(value: number): Meant {
  return Number.isFinite(value) ? value : null;
}

/** Of a single float the decimal number with the fewest digits: 21.4, not 21.399999618530273. */
export function shortest(value: number): Meant {
  if (!Number.isFinite(value)) return null;
  for (let digits = 6; digits < 10; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}
