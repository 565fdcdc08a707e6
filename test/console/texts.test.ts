import { describe, expect, it } from "vitest";
import { countText, rateText, shareText, valueText } from "../../src/console/parts/number-text.ts";
import {
  agoText,
  clockText,
  fullText,
  preciseText,
  spanText,
} from "../../src/console/parts/time-text.ts";

const s = 1_000;
const min = 60 * s;
const h = 60 * min;
const d = 24 * h;

describe("a span of time", () => {
  it.each([
    [0, "0 s"],
    [80, "80 ms"],
    [800, "0.8 s"],
    [2 * s, "2 s"],
    [2.4 * s, "2.4 s"],
    [59.4 * s, "59 s"],
    [90 * s, "1 min 30 s"],
    [54 * min + 20 * s, "54 min"],
    [24 * h + 40 * min, "24 h 40 min"],
    [3 * d + 4 * h + 5 * min, "3 d 4 h"],
  ])("of %d ms is %s", (ms, text) => {
    expect(spanText(ms)).toBe(text);
  });

  it("is told as how long ago, or how long to go", () => {
    expect(agoText(0, 500)).toBe("now");
    expect(agoText(0, 12 * min + 59 * s)).toBe("12 min ago");
    expect(agoText(8 * s, 0)).toBe("in 8 s");
    expect(agoText(0, 3 * d + 7 * h)).toBe("3 d ago");
  });
});

describe("a moment", () => {
  const zone = "Europe/Berlin";
  const now = Date.parse("2026-11-29T13:30:00Z");

  it("is shorter the nearer it is", () => {
    expect(clockText(Date.parse("2026-11-29T13:02:11Z"), now, zone)).toBe("14:02:11");
    expect(clockText(Date.parse("2026-11-27T13:02:11Z"), now, zone)).toBe("Fri 14:02");
    expect(clockText(Date.parse("2026-10-01T12:02:11Z"), now, zone)).toBe("1 Oct 14:02");
    expect(clockText(Date.parse("2024-10-01T12:02:11Z"), now, zone)).toBe("1 Oct 2024");
  });

  it("has its zone with it in full, on either side of a change of the clocks", () => {
    expect(fullText(Date.parse("2026-10-25T00:30:00.007Z"), zone)).toBe(
      "2026-10-25 02:30:00.007 UTC+02:00",
    );
    expect(fullText(Date.parse("2026-10-25T01:30:00Z"), zone)).toBe(
      "2026-10-25 02:30:00.000 UTC+01:00",
    );
    expect(preciseText(Date.parse("2026-11-29T13:02:11.204Z"), "UTC")).toBe("13:02:11.204");
  });
});

describe("a number", () => {
  it("is as long as it is useful", () => {
    expect([17280, 0].map(countText)).toEqual(["17,280", "0"]);
    expect([0, 0.001, 0.25, 24, 4300.4].map(rateText)).toEqual([
      "0",
      "< 0.01",
      "0.25",
      "24.0",
      "4,300",
    ]);
    expect([-11.4, 0.1 + 0.2, 1e12, true, "open"].map(valueText)).toEqual([
      "-11.4",
      "0.3",
      "1.000e+12",
      "true",
      "open",
    ]);
  });

  it("never says that there is none of what there is some of", () => {
    expect([0, 0.0001, 0.008, 0.5, 0.9999, 1].map(shareText)).toEqual([
      "0 %",
      "< 0.1 %",
      "0.8 %",
      "50 %",
      "> 99.9 %",
      "100 %",
    ]);
  });
});
