/** Times as strangers write them. */
import type { EpochMs } from "./clock.ts";

const pattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** A year is written with four digits, also of what is still added to a moment. */
const firstMs = Date.parse("0001-01-01T00:00:00Z");
const lastMs = Date.parse("9000-01-01T00:00:00Z");

/** True for a time that every reader can calculate with and write again. */
export function isMoment(ms: number): boolean {
  return ms >= firstMs && ms <= lastMs;
}

/** A time of RFC 3339; undefined for anything else, of which `Date.parse` takes a lot. */
export function parseMoment(text: unknown): EpochMs | undefined {
  if (typeof text !== "string" || !pattern.test(text)) return undefined;
  const ms = Date.parse(text);
  return isMoment(ms) ? ms : undefined;
}
