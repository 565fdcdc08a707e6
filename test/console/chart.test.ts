import { describe, expect, it } from "vitest";
import {
  drawnColumns,
  lonePoints,
  seriesText,
  valueRange,
  withGaps,
} from "../../src/console/chart/chart-columns.ts";
import { sparkPath } from "../../src/console/chart/sparkline.tsx";
import { timeTicks } from "../../src/console/chart/time-axis.ts";

const min = 60_000;
const h = 60 * min;
const berlin = "Europe/Berlin";

describe("the columns of a chart", () => {
  it("have a row of nulls where times are farther apart than data can be", () => {
    const { atMs, columns } = withGaps([0, 10, 40], { a: [1, 2, 3], b: [null, 5, 6] }, 15);
    expect(atMs).toEqual([0, 10, 25, 40]);
    expect(columns).toEqual({ a: [1, 2, null, 3], b: [null, 5, null, 6] });
  });

  it("are all as long as the times, and what is no number is a gap", () => {
    const series = [
      { label: "t", unit: "°C", values: [1, Number.NaN], band: { min: [0], max: [2, 3] } },
    ] as const;
    expect(drawnColumns({ fromMs: 0, toMs: 1, atMs: [0, 1], series: [series[0]] }).columns).toEqual(
      [
        [1, null],
        [2, 3],
        [0, null],
      ],
    );
  });

  it("have dots for values that no line reaches", () => {
    expect(lonePoints([1, null, 2, 3, null, null, 4])).toEqual([0, 6]);
    expect(lonePoints([null])).toEqual([]);
  });

  it("say a value with its unit, how far it reached, and that there is none", () => {
    const series = {
      label: "t",
      unit: "°C",
      values: [-11.4, null, 2],
      band: { min: [-12, null, 2], max: [-11, null, 2] },
    };
    expect([0, 1, 2].map((at) => seriesText(series, at, String))).toEqual([
      "-11.4 °C (-12 … -11)",
      "no data",
      "2 °C",
    ]);
  });
});

describe("the range of a chart", () => {
  it("has room for limits that are near, and none for those that are far", () => {
    const [low, high] = valueRange(-20, -16, [-15, 400], false);
    expect(low).toBeLessThan(-20);
    expect(high).toBeGreaterThan(-15);
    expect(high).toBeLessThan(0);
  });

  it("begins at zero for rates, and is never empty", () => {
    expect(valueRange(3, 24, [], true)[0]).toBe(0);
    for (const [low, high] of [valueRange(null, null, [], true), valueRange(5, 5, [], false)])
      expect(high).toBeGreaterThan(low);
  });
});

describe("an axis of time", () => {
  const texts = (from: string, to: string, most: number, zone: string): string[] =>
    timeTicks(Date.parse(from), Date.parse(to), most, zone).map(({ text }) => text);

  it("has its ticks at whole hours of the zone, and says the day where it begins", () => {
    expect(texts("2026-11-28T20:30Z", "2026-11-29T02:00Z", 6, berlin)).toEqual([
      "22:00\n28 Nov",
      "23:00",
      "00:00\n29 Nov",
      "01:00",
      "02:00",
      "03:00",
    ]);
    expect(texts("2026-11-29T10:00Z", "2026-11-29T12:00Z", 3, "Asia/Kathmandu")).toEqual([
      "16:00\n29 Nov",
      "17:00",
    ]);
  });

  it("shows an hour that comes twice twice, each with its offset", () => {
    expect(texts("2026-10-24T23:00Z", "2026-10-25T03:00Z", 6, berlin)).toEqual([
      "01:00\n25 Oct",
      "02:00",
      "02:00\nUTC+1",
      "03:00",
      "04:00",
    ]);
  });

  it("leaves out an hour that there is not", () => {
    expect(texts("2026-03-29T00:00Z", "2026-03-29T03:00Z", 3, berlin)).toEqual([
      "01:00\n29 Mar",
      "03:00\nUTC+2",
      "04:00",
      "05:00",
    ]);
  });

  it("has days at midnight on both sides of a change of the clocks", () => {
    const ticks = timeTicks(
      Date.parse("2026-10-23T12:00Z"),
      Date.parse("2026-10-27T12:00Z"),
      6,
      berlin,
    );
    expect(ticks.map(({ text }) => text)).toEqual(["24 Oct", "25 Oct", "26 Oct", "27 Oct"]);
    const spans = ticks.slice(1).map(({ atMs }, at) => (atMs - (ticks[at]?.atMs ?? 0)) / h);
    expect(spans).toEqual([24, 25, 24]);
  });

  it("never has more ticks than there is room for, nor any of no stretch", () => {
    for (const span of [5_000, 90 * min, 26 * h, 40 * 24 * h, 900 * 24 * h])
      expect(timeTicks(0, span, 5, "UTC").length).toBeLessThanOrEqual(6);
    expect(timeTicks(5, 5, 5, "UTC")).toEqual([]);
  });
});

describe("a small line in a row", () => {
  it("is broken at a gap, and a value alone is a dot", () => {
    expect(sparkPath([0, 1, null, 1])).toBe("M0.0 22.0L32.0 2.0M96.0 2.0h0.1");
    expect(sparkPath([])).toBe("");
  });
});
