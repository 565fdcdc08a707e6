/**
 * RFC 3339 times, read digit by digit: devices send them with every message, and the language's own
 * parser takes far more than the standard allows.
 */
import type { EpochMs } from "../core/clock.ts";

/**
 * The moment of `2026-11-21T14:02:10.5Z`; digits behind the millisecond are dropped. A text without
 * zone is read at `zoneMs` east of UTC, or is not a time when that is undefined. Undefined for
 * anything else, such as the 30th of February.
 */
export function parseRfc3339(text: string, zoneMs: number | undefined): EpochMs | undefined {
  const length = text.length;
  if (length < 19 || length > 40) return undefined;
  const between = text.charCodeAt(10) | 0x20;
  if (text[4] !== "-" || text[7] !== "-" || (between !== 0x74 && between !== 0x20))
    return undefined;
  if (text[13] !== ":" || text[16] !== ":") return undefined;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  const hour = digits(text, 11, 13);
  const minute = digits(text, 14, 16);
  const second = digits(text, 17, 19);
  if (year < 0 || !(month >= 1 && month <= 12) || !(day >= 1 && day <= daysIn(year, month)))
    return undefined;
  // A leap second is the first moment of the next minute.
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
    return undefined;
  let at = 19;
  let ms = 0;
  if (text[at] === ".") {
    const start = at + 1;
    at = start;
    while (at < length && isDigit(text, at)) at += 1;
    if (at === start) return undefined;
    for (let place = 0; place < 3; place += 1)
      ms = ms * 10 + (start + place < at ? text.charCodeAt(start + place) - 48 : 0);
  }
  const offsetMs = at === length ? zoneMs : parseZone(text, at);
  if (offsetMs === undefined) return undefined;
  return Date.UTC(year, month - 1, day, hour, minute, second, ms) - offsetMs;
}

/** How far east of UTC `Z`, `+02:00` or `-0330`, from `at` to the end, is; undefined for other text. */
export function parseZone(text: string, at = 0): number | undefined {
  const sign = text[at];
  if ((sign === "Z" || sign === "z") && text.length === at + 1) return 0;
  if (sign !== "+" && sign !== "-") return undefined;
  const colon = text[at + 3] === ":" ? 1 : 0;
  if (text.length !== at + 5 + colon) return undefined;
  const hours = digits(text, at + 1, at + 3);
  const minutes = digits(text, at + 3 + colon, at + 5 + colon);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return undefined;
  return (sign === "-" ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

/** The number that the digits in [from, to) write; -1 when one of them is not a digit. */
function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) {
    if (!isDigit(text, at)) return -1;
    value = value * 10 + text.charCodeAt(at) - 48;
  }
  return value;
}
