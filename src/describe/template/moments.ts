import { Failed, parseNumber, toNumber } from "./template-value.ts";

/** The last moment with a year of four digits, in seconds. */
const lastSecond = 253_402_300_799;

/** A moment as RFC 3339 text in UTC, of seconds since 1970 or of a text that already is one. */
export function toMoment(value: unknown, fallback: unknown): unknown {
  const seconds = typeof value === "string" ? parseNumber(value) : toNumber(value);
  if (seconds !== undefined && seconds >= 0 && seconds <= lastSecond)
    return new Date(Math.round(seconds * 1_000)).toISOString();
  if (typeof value === "string" && /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(value)) return value;
  return fallback === undefined ? new Failed(value) : fallback;
}
