import type { EpochMs } from "../core/clock.ts";
import type { Seq } from "../core/ids.ts";

const perMs = 1_000_000;

/**
 * Nanoseconds as text: the millisecond of the event, and within it the place of the record in its
 * gateway's log. So two events of one series and one millisecond are two points, and an event that is
 * written again is the same point.
 */
export function pointTime(timeMs: EpochMs, seq: Seq): string {
  const within = seq % perMs;
  const wholeMs = Math.trunc(timeMs);
  if (wholeMs <= 0) return (BigInt(wholeMs) * BigInt(perMs) + BigInt(within)).toString();
  return `${wholeMs}${String(within).padStart(6, "0")}`;
}

/** The millisecond itself, for points that a later one of the same moment shall overwrite. */
export function momentTime(timeMs: EpochMs): string {
  return (BigInt(Math.trunc(timeMs)) * BigInt(perMs)).toString();
}
