/** Times as NMEA sentences write them: without a century, or without a date. */
import type { EpochMs } from "../../core/clock.ts";

const dayMs = 86_400_000;

/** `ddmmyy` and `hhmmss.ss`, in the century that is nearest to the time of receipt; as RFC 3339. */
export function dateTimeOf(
  date: string | undefined,
  time: string | undefined,
  receivedMs: EpochMs,
): string | null {
  const match = /^(\d\d)(\d\d)(\d\d)$/.exec(date ?? "");
  const ofDayMs = ofDay(time);
  if (match === null || ofDayMs === undefined) return null;
  const [day, month, short] = match.slice(1).map(Number);
  if (day === undefined || month === undefined || short === undefined) return null;
  const now = new Date(receivedMs).getUTCFullYear();
  const year = now + wrapped(short - (now % 100), 100);
  const startMs = Date.UTC(year, month - 1, day);
  const start = new Date(startMs);
  if (start.getUTCMonth() !== month - 1 || start.getUTCDate() !== day) return null;
  return new Date(startMs + ofDayMs).toISOString();
}

/** `dd`, `mm` and `yyyy` with `hhmmss.ss`; as RFC 3339. */
export function timeOfDate(
  [day, month, year]: readonly string[],
  time: string | undefined,
): string | null {
  if (!/^\d{4}$/.test(year ?? "")) return null;
  // The year is whole: the nearest century is that of the middle of the year itself.
  return dateTimeOf(`${day}${month}${year?.slice(2)}`, time, Date.UTC(Number(year), 6));
}

/** `hhmmss.ss` of the day that is nearest to the time of receipt; as RFC 3339. */
export function timeNear(time: string | undefined, receivedMs: EpochMs): string | null {
  const ofDayMs = ofDay(time);
  if (ofDayMs === undefined) return null;
  return new Date(receivedMs + wrapped(ofDayMs - (receivedMs % dayMs), dayMs)).toISOString();
}

function ofDay(time: string | undefined): number | undefined {
  const match = /^(\d\d)(\d\d)(\d\d(?:\.\d{1,9})?)$/.exec(time ?? "");
  if (match === null) return undefined;
  const [hour, minute, second] = match.slice(1).map(Number);
  if (hour === undefined || minute === undefined || second === undefined) return undefined;
  if (hour > 23 || minute > 59 || second >= 61) return undefined;
  return Math.round((hour * 3_600 + minute * 60 + second) * 1_000);
}

/** The number of the same place in a round that is nearest to 0. */
function wrapped(distance: number, round: number): number {
  if (distance > round / 2) return distance - round;
  return distance <= -round / 2 ? distance + round : distance;
}
