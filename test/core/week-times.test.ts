import fc from "fast-check";
import { expect, test } from "vitest";
import { WeekTimes, weekTimesFaults } from "../../src/core/week-times.ts";
import type { WeekTimesForm } from "../../src/core/week-times-form.ts";

const at = (text: string): number => Date.parse(text);

/** The changes after a moment, as text, and what is then. */
function changesOf(forms: readonly WeekTimesForm[], from: string, count: number): string[] {
  const times = new WeekTimes(forms);
  const found: string[] = [];
  for (let tMs = at(from); found.length < count; ) {
    tMs = times.nextChangeMs(tMs);
    if (tMs === Number.POSITIVE_INFINITY) break;
    found.push(`${new Date(tMs).toISOString().slice(0, 16)} ${times.isWithin(tMs) ? "in" : "out"}`);
  }
  return found;
}

test("working hours begin and end by the clock on the wall, in winter and in summer", () => {
  const form = { weekdays: ["mon..fri"], hours: ["08:00-18:00"], zone: "Europe/Berlin" };
  expect(changesOf([form], "2026-03-27T12:00:00Z", 4)).toEqual([
    "2026-03-27T17:00 out",
    "2026-03-30T06:00 in",
    "2026-03-30T16:00 out",
    "2026-03-31T06:00 in",
  ]);
});

test("hours over midnight belong to the day on which they began", () => {
  const form = { weekdays: ["fri"], hours: ["22:00-06:00"] };
  expect(changesOf([form], "2026-11-26T00:00:00Z", 3)).toEqual([
    "2026-11-27T22:00 in",
    "2026-11-28T06:00 out",
    "2026-12-04T22:00 in",
  ]);
  expect(new WeekTimes([form]).isWithin(at("2026-11-27T03:00:00Z"))).toBe(false);
});

test("a day that ends at midnight and one that begins there are one stretch", () => {
  expect(changesOf([{ weekdays: ["sat", "sun"] }], "2026-11-25T00:00:00Z", 3)).toEqual([
    "2026-11-28T00:00 in",
    "2026-11-30T00:00 out",
    "2026-12-05T00:00 in",
  ]);
});

test("an hour that comes twice counts both times", () => {
  const form = { hours: ["02:00-02:30"], dates: ["2026-10-25"], zone: "Europe/Berlin" };
  expect(changesOf([form], "2026-10-24T00:00:00Z", 9)).toEqual([
    "2026-10-25T00:00 in",
    "2026-10-25T00:30 out",
    "2026-10-25T01:00 in",
    "2026-10-25T01:30 out",
  ]);
});

test("an hour that is left out never comes, and what reaches beyond it begins behind it", () => {
  const zone = "Europe/Berlin";
  const dates = ["2026-03-29"];
  expect(changesOf([{ hours: ["02:00-03:00"], dates, zone }], "2026-03-28T00:00:00Z", 9)).toEqual(
    [],
  );
  expect(changesOf([{ hours: ["02:30-03:30"], dates, zone }], "2026-03-28T00:00:00Z", 9)).toEqual([
    "2026-03-29T01:00 in",
    "2026-03-29T01:30 out",
  ]);
  const night = { hours: ["22:00-06:00"], dates: ["2026-03-28"], zone };
  expect(changesOf([night], "2026-03-28T00:00:00Z", 9)).toEqual([
    "2026-03-28T21:00 in",
    "2026-03-29T04:00 out",
  ]);
});

test("a zone whose midnight is left out begins its day an hour later", () => {
  const form = { dates: ["2026-04-24"], zone: "Africa/Cairo" };
  expect(changesOf([form], "2026-04-20T00:00:00Z", 9)).toEqual([
    "2026-04-23T22:00 in",
    "2026-04-24T21:00 out",
  ]);
});

test("dates come every year, over its end too, or once", () => {
  expect(changesOf([{ dates: ["12-24..01-01"] }], "2026-06-01T00:00:00Z", 3)).toEqual([
    "2026-12-24T00:00 in",
    "2027-01-02T00:00 out",
    "2027-12-24T00:00 in",
  ]);
  expect(changesOf([{ dates: ["02-29"] }], "2026-06-01T00:00:00Z", 1)).toEqual([
    "2028-02-29T00:00 in",
  ]);
  expect(changesOf([{ dates: ["2026-12-24"] }], "2027-06-01T00:00:00Z", 1)).toEqual([]);
});

test("of several times one suffices", () => {
  const forms = [{ hours: ["08:00-12:00"] }, { hours: ["11:00-13:00"] }, { weekdays: ["sun"] }];
  expect(changesOf(forms, "2026-11-27T00:00:00Z", 4)).toEqual([
    "2026-11-27T08:00 in",
    "2026-11-27T13:00 out",
    "2026-11-28T08:00 in",
    "2026-11-28T13:00 out",
  ]);
});

test("a moment that no calendar has is not within, and changes never", () => {
  const times = new WeekTimes([{ weekdays: ["mon..sun"] }]);
  for (const tMs of [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN, 8.64e15]) {
    expect(times.isWithin(tMs)).toBe(false);
    expect(times.nextChangeMs(tMs)).toBe(Number.POSITIVE_INFINITY);
  }
});

test("in whatever order it is asked, the wall of the zone decides, and nothing changes before it is said", () => {
  const form = { weekdays: ["sat..mon"], hours: ["01:30-03:15", "23:00-00:45"] };
  const zones = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"];
  const shared = new Map(zones.map((zone) => [zone, new WeekTimes([{ ...form, zone }])]));
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: at("2026-01-01T00:00:00Z"), max: at("2027-01-01T00:00:00Z") }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (zone, tMs, part) => {
        const times = shared.get(zone);
        if (!times) throw new Error(zone);
        const local = new Date(`${new Date(tMs).toLocaleString("sv-SE", { timeZone: zone })}Z`);
        const day = (local.getUTCDay() + 6) % 7;
        const minute = local.getUTCHours() * 60 + local.getUTCMinutes();
        const isDay = [5, 6, 0].includes(day);
        const isDayBefore = [6, 0, 1].includes(day);
        expect(times.isWithin(tMs)).toBe(
          (isDay && ((minute >= 90 && minute < 195) || minute >= 1_380)) ||
            (isDayBefore && minute < 45),
        );
        const untilMs = times.nextChangeMs(tMs);
        const between = Math.floor(tMs + (untilMs - tMs) * part);
        expect(new WeekTimes([{ ...form, zone }]).isWithin(between)).toBe(times.isWithin(tMs));
        expect(times.isWithin(untilMs)).toBe(!times.isWithin(tMs));
      },
    ),
    { numRuns: 300 },
  );
});

test("what is no time of the week is told with its place", () => {
  const faults = weekTimesFaults({
    weekdays: ["mon", "monday"],
    hours: ["8-18", "08:00-08:00"],
    dates: ["02-30", "2026-12-26..2026-12-24"],
    zone: "Berlin",
  });
  expect(faults.map(({ path, problem }) => `${path.join(".")}: ${problem}`)).toEqual([
    'weekdays.1: "monday" is not a day of the week; write mon, tue, ... sun, or mon..fri',
    'hours.0: "8-18" are no hours; write them as "08:00-18:00"',
    'hours.1: "08:00-08:00" begins when it ends; for the whole day write "00:00-24:00"',
    'dates.0: "02-30" is not a date; write "12-24", "12-24..12-26" or "2026-12-24"',
    'dates.1: "2026-12-26..2026-12-24" ends before it begins',
    'zone: "Berlin" is not a zone; write a name as Europe/Berlin, or UTC',
  ]);
});
