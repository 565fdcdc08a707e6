/** How times of the week are written, and what is read from that. */
import { NamedZone } from "./named-zone.ts";

/** What is absent fits always; all that is given must fit. */
export interface WeekTimesForm {
  /** `mon`, `sat`, `mon..fri`. */
  readonly weekdays?: readonly string[] | undefined;
  /** `08:00-18:00`; `22:00-06:00` goes on over midnight, and belongs to the day it began on. */
  readonly hours?: readonly string[] | undefined;
  /** `12-24..12-26` of every year, or `2026-12-24`; both ends are in it. */
  readonly dates?: readonly string[] | undefined;
  /** A name of the IANA database; UTC where absent. */
  readonly zone?: string | undefined;
}

/** What a text of the form says; or why it says nothing. */
export type Read<T> = { readonly value: T } | { readonly problem: string };

/** From and to, in minutes of the day; an end on the next day is beyond 1440. */
export type Minutes = readonly [from: number, to: number];

/** Dates as numbers, 20261224 or 1224; of every year where `yearly`. From may be behind to then. */
export interface DateRange {
  readonly yearly: boolean;
  readonly from: number;
  readonly to: number;
}

export const weekdayNames = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const minutesOfDay = 1_440;

/** Days of the week, monday is 0. */
export function readWeekdays(text: string): Read<readonly number[]> {
  const [from = -1, to = from, ...rest] = text
    .split("..")
    .map((name) => weekdayNames.indexOf(name));
  if (from < 0 || to < 0 || rest.length > 0)
    return { problem: `"${text}" is not a day of the week; write mon, tue, ... sun, or mon..fri` };
  const count = ((to - from + 7) % 7) + 1;
  return { value: Array.from({ length: count }, (_, index) => (from + index) % 7) };
}

export function readHours(text: string): Read<Minutes> {
  const written = /^([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/.exec(text);
  if (!written) return { problem: `"${text}" are no hours; write them as "08:00-18:00"` };
  const [, fromHour, fromMinute, toHour = 24, toMinute = 0] = written;
  const from = Number(fromHour) * 60 + Number(fromMinute);
  const to = Number(toHour) * 60 + Number(toMinute);
  if (from === to)
    return { problem: `"${text}" begins when it ends; for the whole day write "00:00-24:00"` };
  return { value: [from, to > from ? to : to + minutesOfDay] };
}

export function readDates(text: string): Read<DateRange> {
  const [from, to = from, ...rest] = text.split("..").map(readDate);
  if (!from || !to || rest.length > 0 || from.yearly !== to.yearly)
    return { problem: `"${text}" is not a date; write "12-24", "12-24..12-26" or "2026-12-24"` };
  if (!from.yearly && from.day > to.day) return { problem: `"${text}" ends before it begins` };
  return { value: { yearly: from.yearly, from: from.day, to: to.day } };
}

function readDate(text: string): { yearly: boolean; day: number } | undefined {
  const [, year, month, day] = /^(?:(\d{4})-)?(\d\d)-(\d\d)$/.exec(text) ?? [];
  if (month === undefined || day === undefined) return undefined;
  const date = new Date(`${year ?? "2000"}-${month}-${day}T00:00:00Z`);
  if (date.getUTCDate() !== Number(day)) return undefined;
  return { yearly: year === undefined, day: Number(`${year ?? ""}${month}${day}`) };
}

export function readZone(name = "UTC"): Read<NamedZone> {
  const zone = NamedZone.of(name);
  return zone
    ? { value: zone }
    : { problem: `"${name}" is not a zone; write a name as Europe/Berlin, or UTC` };
}
