/** Fields of NMEA sentences as values. */

export type Fields = readonly string[];

/** What a sentence says, by names. */
export type Meaning = Readonly<Record<string, unknown>>;

export function number(written: string | undefined): number | null {
  return written !== undefined && /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)$/.test(written)
    ? Number(written)
    : null;
}

export function word(written: string | undefined): string | null {
  return written === undefined || written === "" ? null : written;
}

/** `4807.038,N` is 48 degrees and 7.038 minutes north. */
export function degrees(written: string | undefined, side: string | undefined): number | null {
  const match = /^(\d{1,3})(\d{2}(?:\.\d*)?)$/.exec(written ?? "");
  const sign = { N: 1, S: -1, E: 1, W: -1 }[side ?? ""];
  if (match === null || sign === undefined) return null;
  const value = Number(match[1]) + Number(match[2]) / 60;
  const most = side === "N" || side === "S" ? 90 : 180;
  return value > most ? null : sign * (Math.round(value * 1e8) / 1e8);
}

/** A number that is negative to the west, or to port. */
export function sided(written: string | undefined, side: string | undefined): number | null {
  const value = number(written);
  return value !== null && (side === "W" || side === "L") ? -value : value;
}

/** `valid` and the values, or none of them. */
export function ifValid(valid: boolean, values: Meaning): Meaning {
  if (valid) return { valid, ...values };
  return { valid, ...Object.fromEntries(Object.keys(values).map((name) => [name, null])) };
}
