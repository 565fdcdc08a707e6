import { describe, expect, it } from "vitest";
import {
  GatewayScript,
  hours,
  minutes,
  ruleSet,
  run,
  runWithRestarts,
  told,
} from "./gateway-script.ts";
import { noise, seriesOf } from "./value-series.ts";

/** What is told, which restarts of the engine after each event do not change. */
function transitions(condition: object, script: GatewayScript, beside: object = {}) {
  const rule = { alert: "A", select: { metric: "temperature" }, severity: "warning" };
  const rules = ruleSet({ ...rule, ...beside, condition });
  const drafts = run(rules, script.events);
  expect(runWithRestarts(rules, script.events)).toEqual(drafts);
  for (const { value, score, expected } of drafts)
    for (const number of [value, score, expected])
      if (typeof number === "number") expect(Number.isFinite(number)).toBe(true);
  return drafts;
}

const flat = { stuck: { longer_than: "1h" } };
const near = { stuck: { longer_than: "1h", tolerance: 0.05 } };
const rise = { rate: { above: 0.5, per: "1m", over: "5m" } };
const hampel = { anomaly: { method: "hampel" } };
const zscore = { anomaly: { method: "zscore", over: "1h", warmup: "30m" } };
const cusum = { anomaly: { method: "cusum", warmup: "1h" } };
const ewma = { anomaly: { method: "ewma", warmup: "1h" } };

describe("sequences that trouble alarms elsewhere", () => {
  it.each<[string, object, string, string[], object?]>([
    ["a sensor that falls silent is not stuck", flat, "20x5 _x120 20x2", []],
    ["nor is one whose device is away while the value stays", flat, "20x31 _x300 20x26", []],
    [
      "what it was away does not count, what it said before does",
      flat,
      "20x31 _x300 20x40",
      ["firing for_elapsed warning 17:58:00"],
    ],
    [
      "values that are missing now and then make no line shorter",
      flat,
      `${"20 _ ".repeat(40)}20`,
      ["firing for_elapsed warning 13:00:00"],
    ],
    ["a line from the first value on is not stuck before its time", flat, "20x60", []],
    ["two equal values are no line", { stuck: { longer_than: "2m" } }, "20 _ _ 20", []],
    ["a slow drift within the tolerance at each step is no line", near, "20..22/200", []],
    [
      "noise within the tolerance is one, written as decimals or not",
      near,
      `${"1 1.05 ".repeat(35)}1`,
      ["firing for_elapsed warning 13:00:00"],
    ],
    [
      "it ends with the value that moves",
      flat,
      "20x62 21 20x5",
      ["firing for_elapsed warning 13:00:00", "ended normal warning 13:02:00"],
    ],
    [
      "a silence keeps it, and it is no end",
      flat,
      "20x62 _x30 20x2",
      [
        "firing for_elapsed warning 13:00:00",
        "firing stale warning 13:04:00",
        "firing fresh warning 13:32:00",
      ],
    ],
    ["bad values are no readings of a line", { stuck: { samples: 5 } }, "20x4 20!x9", []],
    [
      "a text can be stuck",
      { stuck: { samples: 3 } },
      "run run run",
      ["firing for_elapsed warning 12:02:00"],
    ],
    ["after an outage nothing rises in no time", rise, "20x30 _x120 35x10", []],
    ["a value that comes back is no rise", rise, "20x30 _x4 20x10", []],
    ["before three values nothing rises", rise, "0 90", []],
    ["a counter that begins anew falls, and rises as it did", rise, "0..40/200 0..40/200", []],
    ["what stands still does not change", { rate: { above: 0, abs: true } }, "0.1x99", []],
    [
      "one outlier is no rise where three samples are asked for",
      rise,
      "20x20 40 20x20",
      [],
      { for_samples: 4 },
    ],
    [
      "falling counts with abs",
      { rate: { above: 0.5, abs: true } },
      "20x10 18 16 14 12",
      ["firing for_elapsed warning 12:11:00"],
    ],
    ["a value that never varied is no anomaly", zscore, "20x200", []],
    ["nor is a step of a coarse sensor", zscore, `${`${"21x40 "}21.1 `.repeat(8)}21.1 21`, []],
    ["nor where most are equal", hampel, `${`${"21x20 "}21.1x2 `.repeat(5)}21`, []],
    ["nor the first step of one that said the same for long", zscore, "21x200 21.1 21", []],
    [
      "a jump of one that said the same for long is",
      zscore,
      "21x200 80",
      ["firing for_elapsed warning 15:20:00"],
    ],
    ["of zeros nobody knows what is much", zscore, "0x200 5 0x9", []],
    ["nothing is unusual before it learned enough", cusum, "20 900 3 77 -40 9999", []],
    [
      "no number is too large to be judged",
      zscore,
      "1e99x70 -1e99 1e300 1e-300",
      ["firing for_elapsed warning 13:10:00"],
    ],
  ])("%s", (_, condition, values, expected, beside) => {
    expect(told(transitions(condition, seriesOf(values), beside))).toEqual(expected);
  });
});

describe("anomalies", () => {
  it.each<[string, object]>([
    ["zscore", zscore],
    ["hampel", { anomaly: { method: "hampel", over: "60 samples", limit: 6 } }],
    ["cusum", { anomaly: { method: "cusum", warmup: "1h", h: 8 } }],
    ["ewma", { anomaly: { method: "ewma", warmup: "1h", width: 4 } }],
  ])("find a shift of ten deviations at once, and none before: %s", (_, condition) => {
    const values = [...noise(200, 50, 0.5), ...noise(10, 55, 0.5)];
    const [first, ...others] = transitions(condition, seriesOf("50", values));
    expect(first).toMatchObject({ state: "firing", at: "2026-11-21T15:21:00.000Z", unit: "Cel" });
    expect(first?.value).toBe(values[200]);
    expect(first?.expected).toBeCloseTo(50, 0);
    expect(first?.score).toBeGreaterThan(Number(first?.limit));
    expect(others.filter(({ state }) => state === "firing")).toEqual([]);
  });

  it("learn no fault that lasts longer than all they remember", () => {
    const values = [...noise(100, 50, 0.5), ...noise(300, 60, 0.5), ...noise(5, 50, 0.5)];
    expect(told(transitions(zscore, seriesOf("50", values)))).toEqual([
      "firing for_elapsed warning 13:41:00",
      "ended normal warning 18:41:00",
    ]);
  });

  it("learn it where the rule says so", () => {
    const condition = { anomaly: { ...zscore.anomaly, freeze_while_firing: false } };
    const values = [...noise(100, 50, 0.5), ...noise(300, 60, 0.5)];
    const drafts = transitions(condition, seriesOf("50", values));
    expect(drafts.map(({ state }) => state)).toEqual(["firing", "ended"]);
    expect(Date.parse(drafts[1]?.at ?? "")).toBeLessThan(Date.parse("2026-11-21T14:20:00Z"));
  });

  it("go on behind days of silence and another time on the clock with what they learned", () => {
    const script = seriesOf("50", noise(100, 50, 0.5));
    script.watermark(50 * hours).watermark(10 * minutes, true);
    script.sample("d", 20 * minutes, 70).watermark(20 * minutes);
    expect(told(transitions(zscore, script))).toEqual(["firing for_elapsed warning 12:20:00"]);
  });

  it("end soon after the fault does, however long that lasted: cusum", () => {
    const steady = { anomaly: { ...cusum.anomaly, h: 8 } };
    const values = [...noise(100, 50, 0.5), ...noise(500, 52, 0.5), ...noise(40, 50, 0.5)];
    const drafts = transitions(steady, seriesOf("50", values));
    const ended = drafts.filter(({ state }) => state === "ended");
    expect(ended).toHaveLength(1);
    expect(Date.parse(ended[0]?.at ?? "")).toBeLessThan(Date.parse("2026-11-21T22:41:00Z"));
  });

  it("follow what changes slowly: ewma", () => {
    const values = noise(600, 0, 0.5).map(
      (value, n) => 50 + value + (n > 100 ? (n - 100) / 1e4 : 0),
    );
    expect(transitions(ewma, seriesOf("50", values))).toEqual([]);
  });
});

describe("readings", () => {
  const three = { stuck: { samples: 3 } };

  it.each([["retained"], ["stale"]])("are no messages that are %s", (mark) => {
    const script = new GatewayScript().device("d");
    for (let n = 0; n < 9; n += 1)
      script.sample("d", n * minutes, 20, n > 1 ? { extensions: { [mark]: true } } : {});
    expect(transitions(three, script.watermark(9 * minutes))).toEqual([]);
    expect(transitions({ threshold: { above: 5 } }, script, { for_samples: 3 })).toEqual([]);
  });

  it("are not what comes twice with one time", () => {
    const script = new GatewayScript().device("d");
    for (const timeMs of [0, 0, 0, minutes, minutes]) script.sample("d", timeMs, 20);
    expect(transitions(three, script.watermark(minutes))).toEqual([]);
    expect(transitions({ threshold: { above: 5 } }, script, { for_samples: 3 })).toEqual([]);
  });
});

describe("for_samples", () => {
  const above = { threshold: { above: 5 } };
  const three = { for_samples: 3, hold: "2h" };

  it("fires with the sample that is the third in a row, whatever time that takes", () => {
    const values = "1 9 _x50 9 1 9 _x30 9 _ 9 1";
    expect(told(transitions(above, seriesOf(values), three))).toEqual([
      "firing for_elapsed warning 13:27:00",
      "ended normal warning 13:28:00",
    ]);
  });

  it("neither counts a bad sample nor begins anew behind it", () => {
    expect(told(transitions(above, seriesOf("9 9! 9 9!x3 9"), three))).toEqual([
      "firing for_elapsed warning 12:06:00",
    ]);
  });
});
