/** Times and spans as people read them. Pure. */

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A span in its two largest units: `0.8 s`, `2 s`, `54 min`, `24 h 40 min`, `3 d 4 h`. */
export function spanText(ms: number): string {
  const span = Math.abs(ms);
  if (span < 9_950 && span % secondMs !== 0) {
    if (span < 1) return "0 s";
    return span < 100 ? `${Math.round(span)} ms` : `${(span / secondMs).toFixed(1)} s`;
  }
  if (span < minuteMs) return `${Math.round(span / secondMs)} s`;
  if (span < hourMs) {
    const seconds = Math.floor((span % minuteMs) / secondMs);
    const minutes = Math.floor(span / minuteMs);
    return minutes >= 10 || seconds === 0 ? `${minutes} min` : `${minutes} min ${seconds} s`;
  }
  // One hour more makes a day and no 25 h; up to two days hours say more.
  if (span < 2 * dayMs) return twoUnits(span, hourMs, "h", minuteMs, "min");
  return twoUnits(span, dayMs, "d", hourMs, "h");
}

function twoUnits(
  span: number,
  largeMs: number,
  large: string,
  smallMs: number,
  small: string,
): string {
  const count = Math.floor(span / largeMs);
  const rest = Math.floor((span % largeMs) / smallMs);
  return rest === 0 ? `${count} ${large}` : `${count} ${large} ${rest} ${small}`;
}

/** How long ago: `now`, `2 s ago`, `54 min ago`; `in 8 s` for what is to come. In one unit mostly. */
export function agoText(atMs: number, nowMs: number): string {
  const ms = nowMs - atMs;
  if (Math.abs(ms) < secondMs) return "now";
  const whole = spanText(roundSpan(Math.abs(ms)));
  return ms > 0 ? `${whole} ago` : `in ${whole}`;
}

/** What is only looked at in passing needs no second unit. */
function roundSpan(ms: number): number {
  if (ms < minuteMs) return Math.floor(ms / secondMs) * secondMs;
  if (ms < hourMs) return Math.floor(ms / minuteMs) * minuteMs;
  if (ms < 2 * dayMs) return Math.floor(ms / hourMs) * hourMs;
  return Math.floor(ms / dayMs) * dayMs;
}

/** The zone that times are shown in; undefined is the one of the browser. */
export type Zone = string | undefined;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making one is slow, so each is made once. */
function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify(options);
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-GB", options);
  formats.set(key, made);
  return made;
}

const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;

/**
 * A time in short: `14:02:11` for today, `Sat 14:02` for the last days, `29 Nov 14:02` before, with
 * the year where it is another.
 */
export function clockText(atMs: number, nowMs: number, zone?: Zone): string {
  const timeZone = zone;
  const day = format({ timeZone, dateStyle: "short" });
  if (day.format(atMs) === day.format(nowMs))
    return format({ timeZone, ...clock, second: "2-digit" }).format(atMs);
  const distanceMs = Math.abs(nowMs - atMs);
  if (distanceMs < 6 * dayMs)
    return format({ timeZone, weekday: "short", ...clock })
      .format(atMs)
      .replace(",", "");
  const date = { day: "numeric", month: "short" } as const;
  if (distanceMs < 300 * dayMs)
    return format({ timeZone, ...date, ...clock })
      .format(atMs)
      .replace(",", "");
  return format({ timeZone, ...date, year: "numeric" }).format(atMs);
}

/** All of it, with the zone: `2026-11-29 14:02:11.204 UTC+01:00`. */
export function fullText(atMs: number, zone?: Zone): string {
  const part = partsOf(atMs, zone);
  const date = `${part("year")}-${part("month")}-${part("day")}`;
  const ms = String(((Math.floor(atMs) % 1_000) + 1_000) % 1_000).padStart(3, "0");
  const offset = part("timeZoneName").replace("GMT", "UTC");
  return `${date} ${part("hour")}:${part("minute")}:${part("second")}.${ms} ${offset}`;
}

function partsOf(atMs: number, zone: Zone): (type: Intl.DateTimeFormatPartTypes) => string {
  const parts = format({
    timeZone: zone,
    ...{ year: "numeric", month: "2-digit", day: "2-digit", second: "2-digit" },
    ...clock,
    timeZoneName: "longOffset",
  }).formatToParts(atMs);
  return (type) => parts.find((part) => part.type === type)?.value ?? "";
}

/** `14:20:13.204`, for lists in which events stand close. */
export function preciseText(atMs: number, zone?: Zone): string {
  const text = format({ timeZone: zone, ...clock, second: "2-digit" }).format(atMs);
  return `${text}.${String(((Math.floor(atMs) % 1_000) + 1_000) % 1_000).padStart(3, "0")}`;
}
