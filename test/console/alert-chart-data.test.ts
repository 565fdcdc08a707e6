import { describe, expect, it } from "vitest";
import type { History } from "../../src/api/shapes/history.ts";
import { alertChartData } from "../../src/console/screens/alerts/alert-chart-data.ts";
import { alertFilter } from "../../src/console/screens/alerts/alert-filter.ts";
import {
  conditionWords,
  handlingWords,
  lateWords,
  valueWords,
} from "../../src/console/screens/alerts/alert-words.ts";
import { knownVerbs } from "../../src/console/screens/alerts/verbs.ts";
import { alertRow } from "./alert-row.ts";

const history: History = {
  ...{ device: "freezer-07", metric: "temperature", unit: "Cel", fromMs: 0, toMs: 9_000 },
  ...{ source: "streams", reachesBackToMs: null, stepMs: 0, late: [], texts: [], notes: [] },
  ...{ atMs: [1_000, 2_000], min: [-12, -11], mean: [-12, -11], max: [-12, -11] },
  limits: [
    { rule: "plant-a/FreezerWarm", severity: "warning", op: ">", value: -15 },
    { rule: "plant-a/Other", severity: "info", op: ">", value: 0 },
  ],
  episodes: [
    {
      ...{ instance: "a", rule: "plant-a/FreezerWarm", severity: "warning" },
      ...{ startedMs: 1_000, firedMs: 2_000, endedMs: null },
    },
    {
      ...{ instance: "b", rule: "plant-a/Other", severity: "info" },
      ...{ startedMs: 1_000, firedMs: null, endedMs: 1_500 },
    },
  ],
};

describe("the chart of an alert", () => {
  const data = alertChartData(history, alertRow("a"));

  it("has the limit of its own rule and its own episodes", () => {
    expect(data.limits).toEqual([{ value: -15, label: "> -15 °C", tone: "warning" }]);
    expect(data.spans).toEqual([
      { fromMs: 2_000, toMs: undefined, label: "FreezerWarm", tone: "warning" },
    ]);
  });

  it("marks when it began and fired, and not an end that did not come", () => {
    expect(data.marks?.map(({ label }) => label)).toEqual(["began", "fired"]);
  });

  it("has no band where each point is one value", () => {
    expect(data.series[0].band).toBeUndefined();
    const wide = alertChartData({ ...history, max: [-10, -11] }, alertRow("a"));
    expect(wide.series[0].band).toEqual({ min: [-12, -11], max: [-10, -11] });
  });
});

describe("an alert in words", () => {
  const now = 62_000;

  it("says how long it fires, and when it rests on old data", () => {
    expect(conditionWords(alertRow("a"), now)).toBe("firing 1 min");
    expect(conditionWords(alertRow("a", { isStale: true }), now)).toContain("on old data");
  });

  it("does not count back where the clock of the page is behind", () => {
    expect(conditionWords(alertRow("a", { firedMs: now + 5_000 }), now)).toBe("firing 0 s");
  });

  it("says who did what: acked, shelved, explained, returned", () => {
    const acked = { by: "ana", atMs: now, reason: null };
    const shelf = { ...acked, untilMs: now, once: true };
    const suppressedBy = { instance: "x", rule: "plant-a/GatewayAway" };
    expect(handlingWords(alertRow("a", { state: "acknowledged", acked }), now)).toMatch(
      /^acked ana/,
    );
    expect(handlingWords(alertRow("a", { state: "shelved", shelf }), now)).toMatch(
      /or normal, ana$/,
    );
    expect(handlingWords(alertRow("a", { state: "suppressed", suppressedBy }), now)).toBe(
      "explained by GatewayAway",
    );
    expect(handlingWords(alertRow("a", { state: "returned-unacknowledged" }), now)).toBe(
      "returned, unacked",
    );
  });

  it("says when it began and when that was learned, of what came late only", () => {
    expect(lateWords(alertRow("a"), now)).toBeNull();
    expect(lateWords(alertRow("a", { isLate: true, learnedMs: now }), now)).toMatch(
      /^began .+, learned .+$/,
    );
  });

  it("has the summary where it has no value", () => {
    expect(valueWords(alertRow("a"))).toBe("-11.4 °C > -15 °C");
    expect(valueWords(alertRow("a", { value: null }))).toBe("too warm");
  });
});

describe("a filter of alerts", () => {
  it("wants every word somewhere: rule, device, label", () => {
    const row = alertRow("a", { labels: { area: "Cold Store" } });
    expect(alertFilter("freezer cold")(row)).toBe(true);
    expect(alertFilter("freezer hot")(row)).toBe(false);
    expect(alertFilter("  ")(row)).toBe(true);
  });
});

describe("buttons of an alert", () => {
  it("are those that the server says, in their order; what is not known here has none", () => {
    expect(knownVerbs(["shelve", "dance", "ack"])).toEqual(["ack", "shelve"]);
  });
});
