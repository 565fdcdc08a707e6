import type { EpochMs } from "./clock.ts";

/**
 * What a `Retry-After` asks for (RFC 9110, 10.2.3): milliseconds from now, not below 0. It names whole
 * seconds or a date; undefined when it is neither.
 */
export function parseRetryAfter(text: string | null, nowMs: EpochMs): number | undefined {
  const trimmed = text?.trim() ?? "";
  if (/^\d{1,15}$/.test(trimmed)) return Number(trimmed) * 1_000;
  // A date begins with the name of a day; `Date.parse` takes much else for one.
  if (!/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(trimmed) || trimmed.length > 64) return undefined;
  // The oldest of the three forms names no zone.
  const untilMs = Date.parse(trimmed.endsWith("GMT") ? trimmed : `${trimmed} GMT`);
  return Number.isNaN(untilMs) ? undefined : Math.max(0, untilMs - nowMs);
}
