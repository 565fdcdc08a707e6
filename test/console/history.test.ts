import { expect, test } from "vitest";
import type { History } from "../../src/api/shapes/history.ts";
import { chartOf } from "../../src/console/screens/device/history-chart-data.ts";
import {
  endsOf,
  localText,
  momentOf,
  rangeOf,
  rangeParts,
} from "../../src/console/screens/device/history-range.ts";
import { gapsOf, summaryOf } from "../../src/console/screens/device/history-summary.ts";

function parts(given: Record<string, string>): (name: string) => string | undefined {
  return (name) => given[name];
}

function history(facts: Partial<History>): History {
  return {
    ...{ device: "d", metric: "temperature", unit: "Cel", fromMs: 0, toMs: 10_000 },
    ...{ source: "streams", reachesBackToMs: null, stepMs: 1_000, atMs: [], min: [], mean: [] },
    ...{ max: [], late: [], texts: [], limits: [], episodes: [], notes: [], ...facts },
  };
}

test("a range is read back from what its URL says", () => {
  for (const range of [
    { kind: "last", word: "6h" },
    { kind: "between", fromMs: 1_000, toMs: 90_000 },
  ] as const) {
    const said = rangeParts(range);
    expect(rangeOf((name) => said[name])).toEqual({ range, problem: undefined });
  }
});

test("a range that is none is the last hour, and says why", () => {
  for (const wrong of [
    { range: "yesterday" },
    { from: "x", to: "y" },
    { from: "2026-03-29T02:00:00Z", to: "2026-03-29T01:00:00Z" },
    { from: "1970-01-01T00:00:00Z", to: "2026-03-29T01:00:00Z" },
    { from: "2026-03-29T02:00:00Z" },
  ]) {
    const { problem, range } = rangeOf(parts(wrong));
    expect(range).toEqual({ kind: "last", word: "1h" });
    expect(problem).toBeTruthy();
  }
});

test("the last hour ends now, and a field that nobody touched keeps its moment", () => {
  expect(endsOf({ kind: "last", word: "1h" }, 7_200_000)).toEqual({
    fromMs: 3_600_000,
    toMs: 7_200_000,
  });
  const at = Date.UTC(2026, 9, 25, 1, 30, 0, 250);
  expect(momentOf(localText(at), at)).toBe(at);
  expect(momentOf("2026-10-25T12:00:00", at)).toBe(new Date(2026, 9, 25, 12).getTime());
});

test("a chart has a band only where a point is of a span of time, and marks what came late", () => {
  const late = [{ atMs: 1, receivedMs: 9, value: 5 }];
  const spans = chartOf(history({ atMs: [1], min: [1], mean: [2], max: [3], late }));
  expect(spans.series[0]).toMatchObject({
    label: "mean",
    unit: "°C",
    band: { min: [1], max: [3] },
  });
  expect(spans.marks).toEqual([{ atMs: 1, value: 5, label: "came late", tone: "normal" }]);
  const values = chartOf(history({ stepMs: 0, atMs: [1], min: [2], mean: [2], max: [2] }));
  expect(values.series[0]).not.toHaveProperty("band");
});

test("limits and episodes of rules are in the chart, an episode that lasts to its end", () => {
  const severity = "critical";
  const chart = chartOf(
    history({
      limits: [{ rule: "Warm", severity, op: ">", value: -15 }],
      episodes: [
        { instance: "i", rule: "Warm", severity, startedMs: 3, firedMs: 4, endedMs: null },
      ],
    }),
  );
  expect(chart.limits).toEqual([{ value: -15, label: "Warm > -15 °C", tone: "critical" }]);
  expect(chart.spans).toEqual([{ fromMs: 3, toMs: undefined, label: "Warm", tone: "critical" }]);
});

test("gaps are between points, not before the first or behind the last", () => {
  const mean = [null, 1, 2, null, null, 3, null];
  const found = gapsOf(history({ atMs: [0, 1, 2, 3, 4, 5, 6], mean }));
  expect(found).toEqual([{ fromMs: 2, toMs: 5 }]);
});

test("a history is summed up for who cannot see the chart", () => {
  const mean = [1, null, 3];
  const shown = history({ atMs: [0, 1, 2], mean, min: [0, null, 3], max: [2, null, 4] });
  expect(summaryOf(shown, (value) => `${value} °C`)).toBe(
    "2 points from 0 °C to 4 °C, the last 3 °C, one gap",
  );
  expect(summaryOf(history({}), String)).toBe("No values");
  const texts = ["open", "shut", "open"].map((value, atMs) => ({ atMs, value }));
  expect(summaryOf(history({ texts }), String)).toBe("It changed 2 times");
  expect(summaryOf(history({ texts: texts.slice(2) }), String)).toBe(
    "It was the same all the time",
  );
});
