/** Fields of NMEA sentences as values. A text that should be a number and is none stays that text. */

export type Fields = readonly string[];

/** What a sentence says, by names. */
export type Meaning = Readonly<Record<string, unknown>>;

/** Null where nothing is written. */
export function number(written: string | undefined): number | string | null {
  if (written === undefined || written === "") return null;
  return /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)$/.test(written) ? Number(written) : written;
}

export function word(written: string | undefined): string | null {
  return written === undefined || written === "" ? null : written;
}

/**
 * `4807.038,N` is 48 degrees and 7.038 minutes north. Where the digits are not those of degrees and
 * minutes, as a sender of decimal degrees has them, nobody knows what is meant.
 */
export function degrees(
  written: string | undefined,
  side: string | undefined,
): number | string | null {
  if (written === undefined || written === "") return null;
  const match = /^(\d{2,3})([0-5]\d(?:\.\d*)?)$/.exec(written);
  const sign = { N: 1, S: -1, E: 1, W: -1 }[side ?? ""];
  if (match === null || sign === undefined) return `${written} ${side ?? ""}`.trim();
  const value = Number(match[1]) + Number(match[2]) / 60;
  const most = side === "N" || side === "S" ? 90 : 180;
  return value > most ? `${written} ${side}` : sign * (Math.round(value * 1e8) / 1e8);
}

/** Latitude and longitude from four fields on. One alone, or one that is not understood, is no place. */
export function position(fields: Fields, at: number): Meaning {
  const latitude = degrees(fields[at], fields[at + 1]);
  const longitude = degrees(fields[at + 2], fields[at + 3]);
  const isPlace = typeof latitude === "number" && typeof longitude === "number";
  if (isPlace) return { latitude, longitude };
  return { latitude: misread(latitude), longitude: misread(longitude) };
}

/** A number that is negative to the west, or to port. Which side is meant must be said. */
export function sided(
  written: string | undefined,
  side: string | undefined,
): number | string | null {
  const value = number(written);
  if (typeof value !== "number" || value === 0) return value;
  const sign = { E: 1, R: 1, W: -1, L: -1 }[side ?? ""];
  return sign === undefined ? `${written} ${side ?? ""}`.trim() : sign * value;
}

/** `valid` and the values, or none of them. */
export function ifValid(valid: boolean, values: Meaning): Meaning {
  if (valid) return { valid, ...values };
  return { valid, ...Object.fromEntries(Object.keys(values).map((name) => [name, null])) };
}

function misread(value: number | string | null): string | null {
  return typeof value === "string" ? value : null;
}
