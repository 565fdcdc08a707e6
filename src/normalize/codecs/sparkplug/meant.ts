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
