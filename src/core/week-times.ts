/**
 * Times of the week: working days from eight to six, nights, the days around Christmas.
 *
 * At each moment the clock on the wall decides. So an hour that comes twice when clocks are put back
 * counts both times, and one that is left out never comes.
 */
import type { EpochMs } from "./clock.ts";
import { GatewayError } from "./errors.ts";
import type { NamedZone } from "./named-zone.ts";
import {
  type DateRange,
  type Minutes,
  type Read,
  readDates,
  readHours,
  readWeekdays,
  readZone,
  type WeekTimesForm,
} from "./week-times-form.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** The 29th of February comes every eighth year at the latest: behind that nothing changes. */
const furthestMs = 9 * 366 * dayMs;
/** What a calendar has; beyond, nothing is within. */
const lastMs = 8.64e15 - 2 * furthestMs;

interface Entry {
  readonly zone: NamedZone;
  readonly weekdays: ReadonlySet<number> | undefined;
  readonly dates: readonly DateRange[] | undefined;
  readonly hours: readonly Minutes[];
  /** Minutes of a day at which something may change, in order. */
  readonly edges: readonly number[];
}

/** From a moment to the next change. */
interface Stretch {
  readonly fromMs: EpochMs;
  readonly untilMs: EpochMs;
  readonly isWithin: boolean;
}

export class WeekTimes {
  readonly #entries: readonly Entry[];
  /** The one that was asked for last. */
  #stretch: Stretch = { fromMs: 0, untilMs: 0, isWithin: false };

  /** Within where one of `forms` is; in none of them is a fault. */
  constructor(forms: readonly WeekTimesForm[]) {
    this.#entries = forms.map(entryOf);
  }

  /** True where the wall shows one of these times at `tMs`. */
  isWithin(tMs: EpochMs): boolean {
    return this.#stretchAt(tMs).isWithin;
  }

  /** The first moment after `tMs` at which that is otherwise; infinity where it stays. */
  nextChangeMs(tMs: EpochMs): EpochMs {
    return this.#stretchAt(tMs).untilMs;
  }

  #stretchAt(tMs: EpochMs): Stretch {
    const last = this.#stretch;
    if (tMs >= last.fromMs && tMs < last.untilMs) return last;
    if (!(Math.abs(tMs) < lastMs))
      return { fromMs: tMs, untilMs: Number.POSITIVE_INFINITY, isWithin: false };
    const isWithin = this.#judge(tMs);
    let untilMs = this.#nextEdgeMs(tMs);
    while (this.#judge(untilMs) === isWithin) {
      untilMs = this.#nextEdgeMs(untilMs);
      if (untilMs > last.fromMs && untilMs < last.untilMs && last.isWithin === isWithin)
        untilMs = last.untilMs;
      if (untilMs > tMs + furthestMs) untilMs = Number.POSITIVE_INFINITY;
      if (untilMs === Number.POSITIVE_INFINITY) break;
    }
    this.#stretch = { fromMs: tMs, untilMs, isWithin };
    return this.#stretch;
  }

  #judge(tMs: EpochMs): boolean {
    return this.#entries.some((entry) => isWithinEntry(entry, tMs));
  }

  #nextEdgeMs(tMs: EpochMs): EpochMs {
    let nextMs = Number.POSITIVE_INFINITY;
    for (const entry of this.#entries) nextMs = Math.min(nextMs, nextEdgeOf(entry, tMs));
    return nextMs;
  }
}

/** What is wrong with what people wrote, and where in it; empty where nothing is. */
export function weekTimesFaults(
  form: WeekTimesForm,
): readonly { readonly path: readonly (string | number)[]; readonly problem: string }[] {
  const lists = [
    ["weekdays", form.weekdays, readWeekdays],
    ["hours", form.hours, readHours],
    ["dates", form.dates, readDates],
  ] as const;
  const found = lists.flatMap(([field, texts = [], read]) =>
    texts.map((text, index) => ({ path: [field, index], ...read(text) })),
  );
  return [...found, { path: ["zone"], ...readZone(form.zone) }].flatMap((one) =>
    "problem" in one ? [{ path: one.path, problem: one.problem }] : [],
  );
}

function entryOf(form: WeekTimesForm): Entry {
  const hours = form.hours?.map((text) => known(readHours(text))) ?? [[0, 1_440] as const];
  const minutes = [0, ...hours.flat().map((minute) => minute % 1_440)];
  return {
    zone: known(readZone(form.zone)),
    weekdays: form.weekdays && new Set(form.weekdays.flatMap((text) => known(readWeekdays(text)))),
    dates: form.dates?.map((text) => known(readDates(text))),
    hours,
    edges: [...new Set(minutes)].sort((one, other) => one - other),
  };
}

function known<T>(read: Read<T>): T {
  if ("problem" in read) throw new GatewayError("internal.bug", read.problem);
  return read.value;
}

function isWithinEntry({ zone, hours, ...days }: Entry, tMs: EpochMs): boolean {
  const wallMs = tMs + zone.offsetAt(tMs);
  const day = Math.floor(wallMs / dayMs);
  const minute = (wallMs - day * dayMs) / minuteMs;
  return (
    (hours.some(([from, to]) => minute >= from && minute < to) && isOfDays(days, day)) ||
    (hours.some(([, to]) => minute + 1_440 < to) && isOfDays(days, day - 1))
  );
}

function isOfDays({ weekdays, dates }: Pick<Entry, "weekdays" | "dates">, day: number): boolean {
  /** 1970 began on a Thursday. */
  if (weekdays !== undefined && !weekdays.has((((day + 3) % 7) + 7) % 7)) return false;
  if (dates === undefined) return true;
  const date = new Date(day * dayMs);
  const ofYear = (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
  const full = date.getUTCFullYear() * 10_000 + ofYear;
  return dates.some(({ yearly, from, to }) => {
    const one = yearly ? ofYear : full;
    return from <= to ? one >= from && one <= to : one >= from || one <= to;
  });
}

/** The next moment after `tMs` at which the wall may show another time of the week. */
function nextEdgeOf({ zone, edges }: Entry, tMs: EpochMs): EpochMs {
  const offsetMs = zone.offsetAt(tMs);
  const dayStartMs = Math.floor((tMs + offsetMs) / dayMs) * dayMs;
  const minute = (tMs + offsetMs - dayStartMs) / minuteMs;
  const edge = edges.find((each) => each > minute) ?? 1_440;
  const nextMs = dayStartMs + edge * minuteMs - offsetMs;
  return zone.offsetAt(nextMs) === offsetMs ? nextMs : zone.changeIn(tMs, nextMs);
}
