import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NamedZone } from "../../src/core/named-zone.ts";
import {
  type Agg,
  addSample,
  joinKept,
  nothingKept,
  valueOfKept,
} from "../../src/rules/panes/aggregate.ts";
import { riseOf } from "../../src/rules/panes/counter-rise.ts";
import { epochGrid, type PaneGrid, wallGrid } from "../../src/rules/panes/pane-grid.ts";

const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;

function aggregate(agg: Agg, ...panes: readonly (readonly number[])[]): number | undefined {
  const all = nothingKept(agg);
  let timeMs = 0;
  for (const values of panes) {
    const kept = nothingKept(agg);
    for (const value of values) {
      timeMs += 1;
      addSample(agg, kept, value, timeMs);
    }
    joinKept(agg, all, kept);
  }
  return valueOfKept(agg, all);
}

describe("aggregates", () => {
  const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 });

  it("of panes together are those of all their samples", () => {
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 8 }), (panes) => {
        const all = panes.flat();
        const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
        const squares = all.reduce((sum, value) => sum + (value - mean) ** 2, 0);
        expect(aggregate("count", ...panes)).toBe(all.length);
        expect(aggregate("min", ...panes)).toBe(Math.min(...all));
        expect(aggregate("max", ...panes)).toBe(Math.max(...all));
        expect(aggregate("avg", ...panes)).toBeCloseTo(mean, 5);
        expect(aggregate("stddev", ...panes)).toBeCloseTo(Math.sqrt(squares / all.length), 4);
        expect(aggregate("delta", ...panes)).toBe((all.at(-1) ?? 0) - (all[0] ?? 0));
        expect(aggregate("last", ...panes)).toBe(all.at(-1));
      }),
      { numRuns: 100 },
    );
  });

  it("add many small values to a large one without losing them", () => {
    const small = Array.from({ length: 100_000 }, () => 0.1);
    expect(aggregate("sum", [1e16], small, [-1e16])).toBeCloseTo(10_000, 6);
    expect(aggregate("sum", [0.1, 0.2, 0.3])).toBe(0.6);
  });

  it("tell the 95th percentile within half a percent, whatever the order", () => {
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 6 }), (panes) => {
        const sorted = panes.flat().sort((one, other) => one - other);
        const exact = sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0;
        const told = aggregate("p95", ...panes) ?? Number.NaN;
        expect(Math.abs(told - exact)).toBeLessThanOrEqual(Math.abs(exact) * 0.005 + 1e-12);
        expect(aggregate("p95", ...panes.toReversed())).toBe(told);
      }),
      { numRuns: 200 },
    );
  });

  it("keep a bounded sketch of values of any size, exact at the upper end", () => {
    const kept = nothingKept("p95");
    for (let n = 0; n < 20_000; n += 1) addSample("p95", kept, 10 ** ((n % 600) - 300), n);
    for (let n = 0; n < 2_000; n += 1) addSample("p95", kept, 1e299, n);
    expect(kept.length).toBeLessThan(1_100);
    expect(valueOfKept("p95", kept) ?? 0).toBeCloseTo(1e299, -297);
  });

  it("of nothing are nothing, except that the count is 0", () => {
    expect(aggregate("count")).toBe(0);
    for (const agg of ["avg", "min", "sum", "p95", "stddev", "delta", "last"] as const)
      expect(aggregate(agg)).toBeUndefined();
    expect(aggregate("sum", [Number.MAX_VALUE, Number.MAX_VALUE])).toBeUndefined();
  });
});

/** By how much a counter rose in all. */
function rises(...readings: readonly number[]): number {
  let highest: number | undefined;
  let total = 0;
  for (const reading of readings) {
    const rise = riseOf(highest, reading);
    highest = rise.highest;
    total += rise.by;
  }
  return Math.round(total * 1e6) / 1e6;
}

describe("the rise of a counter", () => {
  it.each([
    ["over a time in which it was not read", [50.44, 50.53, 50.89, 50.98], 0.54],
    ["where the first reading behind a gap is higher", [0, 10, 15, 20, 25], 25],
    ["where one reading says 0", [10, 15, 0, 16], 6],
    ["where all readings of a night say 0", [397.11, 0, 0, 0, 413.5], 16.39],
    ["of a plug that was pulled out and began again", [20_289.366667, 0, 0, 6.666667], 6.666667],
    ["that starts again without a reading of 0", [0, 1, 2, 3, 2, 3, 4], 7],
    ["in whole steps, without a guess at the ends", [3, 8, 15, 21, 21], 18],
    ["that another pod goes on with", [3, 8, 15, 21, 8, 9, 13, 19], 37],
    ["that is imprecise", [1_000.2, 1_000.1, 1_000.3, 1_000.2], 0.1],
    ["that stands", [20, 20, 20], 0],
    ["that is read once", [5_000], 0],
  ])("is right %s", (_, readings, by) => {
    expect(rises(...readings)).toBe(by);
  });
});

function zone(name: string): NamedZone {
  const found = NamedZone.of(name);
  if (!found) throw new Error(`no zone ${name}`);
  return found;
}

/** Panes from one moment to another, as minutes each. */
function lengths(grid: PaneGrid, from: string, to: string): number[] {
  const minutes: number[] = [];
  for (let at = grid.startOf(Date.parse(from)); at < Date.parse(to); at = grid.endOf(at))
    minutes.push((grid.endOf(at) - at) / minuteMs);
  return minutes;
}

const start = (grid: PaneGrid, at: string): string =>
  new Date(grid.startOf(Date.parse(at))).toISOString();

describe("panes by the clock on a wall", () => {
  it("make days of 23 and of 25 hours", () => {
    const days = wallGrid(dayMs, zone("Europe/Berlin"));
    expect(lengths(days, "2026-03-28T12:00Z", "2026-03-30T12:00Z")).toEqual([1_440, 1_380, 1_440]);
    expect(lengths(days, "2026-10-24T12:00Z", "2026-10-26T12:00Z")).toEqual([1_440, 1_500, 1_440]);
    expect(start(days, "2026-10-25T22:59:59.999Z")).toBe("2026-10-24T22:00:00.000Z");
  });

  it("begin a day at midnight there, not at midnight UTC", () => {
    const days = wallGrid(dayMs, zone("Europe/Madrid"));
    expect(start(days, "2019-01-01T22:30Z")).toBe("2018-12-31T23:00:00.000Z");
    expect(start(days, "2019-01-01T23:30Z")).toBe("2019-01-01T23:00:00.000Z");
  });

  it("keep the two passes of an hour apart when clocks are put back", () => {
    const hours = wallGrid(hourMs, zone("Australia/Sydney"));
    expect(lengths(hours, "2024-04-06T13:00Z", "2024-04-06T19:00Z")).toEqual(Array(6).fill(60));
    expect(start(hours, "2024-04-06T15:45Z")).toBe("2024-04-06T15:00:00.000Z");
    expect(start(hours, "2024-04-06T16:15Z")).toBe("2024-04-06T16:00:00.000Z");
  });

  it("never begin behind the moment that is in them", () => {
    const hours = wallGrid(hourMs, zone("America/New_York"));
    for (const at of ["2024-11-03T05:30Z", "2024-11-03T06:30Z", "2024-03-10T07:30Z"])
      expect(Date.parse(at) - hours.startOf(Date.parse(at))).toBe(30 * minuteMs);
  });

  it("begin at the half hour where the zone does", () => {
    const hours = wallGrid(hourMs, zone("Asia/Kolkata"));
    expect(start(hours, "2026-06-01T10:15Z")).toBe("2026-06-01T09:30:00.000Z");
  });

  it("make a short hour where clocks are put back by half of one", () => {
    const hours = wallGrid(hourMs, zone("Australia/Lord_Howe"));
    expect(lengths(hours, "2026-04-04T13:00Z", "2026-04-04T17:30Z")).toEqual([60, 60, 30, 60, 60]);
  });

  it("begin a day with the hour that there is where midnight is left out", () => {
    const days = wallGrid(dayMs, zone("Asia/Beirut"));
    expect(lengths(days, "2026-03-27T12:00Z", "2026-03-30T12:00Z")).toContain(1_380);
    expect(start(days, "2026-03-29T10:00Z")).toBe("2026-03-28T22:00:00.000Z");
  });

  it("have every moment in exactly one pane, in any zone", () => {
    const zones = ["Europe/Berlin", "America/Havana", "Asia/Amman", "America/Asuncion", "UTC"];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones, "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu"),
        fc.constantFrom(minuteMs, 15 * minuteMs, hourMs, dayMs),
        fc.integer({ min: Date.parse("2010-01-01"), max: Date.parse("2030-01-01") }),
        (name, everyMs, tMs) => {
          const grid = wallGrid(everyMs, zone(name));
          const [from, to] = [grid.startOf(tMs), grid.endOf(tMs)];
          expect(from).toBeLessThanOrEqual(tMs);
          expect(to).toBeGreaterThan(tMs);
          for (const at of [from, to - 1]) {
            expect(grid.startOf(at)).toBe(from);
            expect(grid.endOf(at)).toBe(to);
          }
          expect(grid.startOf(to)).toBe(to);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it("stand on the epoch where there is no wall", () => {
    const grid = epochGrid(7_000);
    expect([grid.startOf(20_999), grid.startOf(21_000), grid.endOf(21_000)]).toEqual([
      14_000, 21_000, 28_000,
    ]);
    expect(grid.startOf(-1)).toBe(-7_000);
  });
});
