import { describe, expect, it } from "vitest";
import { createRuleEngine } from "../../src/rules/engine.ts";
import {
  at,
  GatewayScript,
  minutes,
  ruleSet,
  run,
  runWithRestarts,
  s,
  told,
} from "./gateway-script.ts";

const silent = {
  alert: "Silent",
  select: {},
  condition: { absent: { longer_than: "1m" } },
  severity: "critical",
};

/** Watermarks every second from `fromMs` to `toMs`. */
function quiet(script: GatewayScript, fromMs: number, toMs: number): GatewayScript {
  for (let t = fromMs; t <= toMs; t += s) script.watermark(t);
  return script;
}

describe("absent", () => {
  it("starts when nothing was received for longer than it may, and ends with the next sample", () => {
    const script = quiet(new GatewayScript().device("f1").sample("f1", 10 * s, 1), 10 * s, 90 * s);
    quiet(script.sample("f1", 95 * s, 1), 95 * s, 100 * s);
    const drafts = run(ruleSet(silent), script.events);
    expect(runWithRestarts(ruleSet(silent), script.events)).toEqual(drafts);
    expect(told(drafts)).toEqual([
      "firing for_elapsed critical 12:01:10",
      "ended normal critical 12:01:35",
    ]);
    expect(drafts[1]).toMatchObject({ started_at: at(70 * s), ended_at: at(95 * s) });
  });

  it("is silent at the very moment the time is over, and not before", () => {
    const script = new GatewayScript().device("f1").sample("f1", 0, 1);
    expect(run(ruleSet(silent), script.watermark(60 * s).events)).toEqual([]);
    const [fired] = run(ruleSet(silent), script.watermark(60 * s + 1).events);
    expect(fired).toMatchObject({ started_at: at(60 * s) });
  });

  it("waits for as well, and keeps firing for as long as it is told", () => {
    const rules = ruleSet({ ...silent, for: "30s", keep_firing_for: "20s" });
    const script = quiet(new GatewayScript().device("f1").sample("f1", 0, 1), 0, 100 * s);
    quiet(script.sample("f1", 101 * s, 1), 102 * s, 150 * s);
    expect(told(run(rules, script.events))).toEqual([
      "firing for_elapsed critical 12:01:30",
      "ended normal critical 12:02:01",
    ]);
  });

  it("counts from the first word about a device that never spoke", () => {
    const script = quiet(new GatewayScript().device("f1", {}, 5 * s), 5 * s, 70 * s);
    expect(told(run(ruleSet(silent), script.events))).toEqual([
      "firing for_elapsed critical 12:01:05",
    ]);
  });

  it("does not take the word about a device for life", () => {
    const script = new GatewayScript().device("f1").sample("f1", 0, 1).watermark(s);
    script.device("f1", {}, 50 * s).device("f1", { tags: { line: "2" } }, 55 * s);
    expect(run(ruleSet(silent), script.watermark(61 * s).events)).toHaveLength(1);
  });

  it("takes a device that sends its backlog for alive", () => {
    const script = quiet(new GatewayScript().device("f1").sample("f1", 0, 1), 0, 50 * s);
    for (let t = 51 * s; t < 120 * s; t += s)
      script.sample("f1", t - 50 * s, 1, { receivedMs: t }).watermark(t);
    expect(run(ruleSet(silent), script.events)).toEqual([]);
  });

  it("takes samples of poor quality for life", () => {
    const script = quiet(new GatewayScript().device("f1").sample("f1", 0, 1), 0, 50 * s);
    quiet(script.sample("f1", 50 * s, 1, { quality: "bad" }), 50 * s, 100 * s);
    expect(run(ruleSet(silent), script.events)).toEqual([]);
  });

  it("finds one metric silent though the device still sends others", () => {
    const rules = ruleSet({
      ...silent,
      condition: { absent: { longer_than: "1m", of: "temperature" } },
    });
    const script = new GatewayScript().device("f1").device("f2", { metrics: ["door"] });
    for (let t = 0; t < 2 * minutes; t += 10 * s)
      script
        .sample("f1", t, true, { metric: "door" })
        .sample("f2", t, true, { metric: "door" })
        .watermark(t);
    const drafts = run(rules, script.events);
    expect(drafts.map(({ labels }) => labels["device"])).toEqual(["f1"]);
  });

  it("watches a metric that the record does not name from its first sample on", () => {
    const rules = ruleSet({ ...silent, condition: { absent: { longer_than: "1m", of: "co2" } } });
    const script = quiet(new GatewayScript().device("f1"), 0, 2 * minutes);
    script.sample("f1", 2 * minutes, 400, { metric: "co2" });
    quiet(script, 2 * minutes, 4 * minutes);
    expect(told(run(rules, script.events))).toEqual(["firing for_elapsed critical 12:03:00"]);
  });

  it.each([
    ["that a broker had kept", { retained: true }],
    ["that is not newer than what was said before", { stale: true }],
  ])("takes nothing %s for life, whatever it says", (_, kept) => {
    const script = quiet(new GatewayScript().device("f1").sample("f1", 0, 1), 0, 50 * s);
    script.sample("f1", 50 * s, 1, { extensions: kept });
    script.sample("f1", 50 * s, 1, { extensions: kept, clock: "unsynced" });
    script.status("f1", 50 * s, { state: "online", cause: "reported" }, kept);
    quiet(script, 50 * s, 70 * s).sample("f1", 71 * s, 1, { extensions: kept });
    quiet(script, 71 * s, 80 * s);
    expect(runWithRestarts(ruleSet(silent), script.events)).toHaveLength(1);
    quiet(script.sample("f1", 81 * s, 1), 81 * s, 90 * s);
    expect(told(run(ruleSet(silent), script.events))).toEqual([
      "firing for_elapsed critical 12:01:00",
      "ended normal critical 12:01:21",
    ]);
  });

  it("lets a kept value count for a device that is there, and none for one that is gone", () => {
    const high = {
      alert: "High",
      select: { metric: "temperature" },
      condition: { threshold: { above: 5 } },
      severity: "critical",
    };
    const kept = { extensions: { retained: true } };
    const there = new GatewayScript()
      .device("f1")
      .sample("f1", s, 9, kept)
      .watermark(2 * s);
    expect(told(run(ruleSet(high), there.events))).toEqual([
      "firing for_elapsed critical 12:00:01",
    ]);
    const gone = new GatewayScript().device("f1").sample("f1", 0, 1).watermark(s);
    gone.status("f1", 2 * s, { state: "offline", cause: "will" }).watermark(3 * s);
    gone.sample("f1", 4 * s, 9, kept).watermark(5 * s);
    expect(run(ruleSet(high), gone.events)).toEqual([]);
  });

  it("says nothing about devices that queued while the gateway was away", () => {
    const script = new GatewayScript().device("f1").sample("f1", 0, 1).watermark(s);
    script
      .watermark(s)
      .sample("f1", 300 * s, 1)
      .watermark(301 * s);
    expect(run(ruleSet(silent), script.events)).toEqual([]);
  });
});

describe("a link outage of 40 minutes", () => {
  it("raises no false silence for 20 devices, and the one true silence at its true time", () => {
    const script = new GatewayScript();
    for (let n = 1; n <= 20; n += 1) script.device(`f${n}`);
    // The road is cut from minute 10 to 50; the gateway writes on, and everything comes at once.
    for (let t = 0; t <= 60 * minutes; t += 5 * s) {
      for (let n = 1; n <= 20; n += 1) {
        const isDead = n === 7 && t > 30 * minutes;
        if (!isDead && (t + n * 100) % (10 * s) < 5 * s) script.sample(`f${n}`, t + n * 100, -20);
      }
      script.watermark(t + 5 * s - 1);
    }
    const drafts = run(ruleSet(silent), script.events);
    expect(drafts.map(({ labels, started_at }) => [labels["device"], started_at])).toEqual([
      ["f7", at(30 * minutes + 700 + 60 * s)],
    ]);
  });
});

describe("clocks", () => {
  const warm = {
    alert: "Warm",
    select: { metric: "temperature" },
    condition: { threshold: { above: -15 } },
    severity: "warning",
    for: "1m",
  };
  const rules = ruleSet(silent, warm);

  it.each([
    ["an hour ahead", 60 * minutes],
    ["an hour back", -60 * minutes],
  ])("fires nothing when the gateway's clock is set %s", (_, stepMs) => {
    const script = new GatewayScript().device("f1").steady("f1", 0, 5 * minutes, 10 * s, -20);
    const back = 5 * minutes + stepMs + 5 * s;
    script.watermark(back, true).steady("f1", back + 5 * s, back + 5 * minutes, 10 * s, -20);
    expect(run(rules, script.events)).toEqual([]);
  });

  it("neither fires nor forgets what was pending when the clock is set", () => {
    const script = new GatewayScript().device("f1").steady("f1", 0, 40 * s, 10 * s, -10);
    const step = -60 * minutes;
    script.watermark(45 * s + step, true);
    script.steady("f1", 50 * s + step, 2 * minutes + step, 10 * s, -10);
    const drafts = run(rules, script.events);
    expect(runWithRestarts(rules, script.events)).toEqual(drafts);
    // 40 s counted before the step, 20 s after the first sample behind it.
    expect(drafts.map(({ reason, started_at }) => [reason, started_at])).toEqual([
      ["for_elapsed", at(0)],
    ]);
  });

  it("lets an alert fire on through a step, and end by the next normal sample", () => {
    const step = -60 * minutes;
    const script = new GatewayScript().device("f1").steady("f1", 0, 2 * minutes, 10 * s, -10);
    script
      .watermark(125 * s + step, true)
      .steady("f1", 130 * s + step, 140 * s + step, 10 * s, -20);
    const drafts = run(rules, script.events);
    expect(drafts.map(({ state, fired_at, ended_at }) => [state, fired_at, ended_at])).toEqual([
      ["firing", at(minutes), null],
      ["ended", at(minutes), at(minutes)],
    ]);
  });

  it("starts later episodes later, also when the clock went back", () => {
    const step = -60 * minutes;
    const script = new GatewayScript().device("f1").steady("f1", 0, 2 * minutes, 10 * s, -10);
    script.steady("f1", 130 * s, 140 * s, 10 * s, -20);
    script
      .watermark(145 * s + step, true)
      .steady("f1", 150 * s + step, 5 * minutes + step, 10 * s, -10);
    const starts = run(rules, script.events)
      .filter(({ n }) => n === 1)
      .map(({ started_at }) => started_at);
    expect(starts).toEqual([at(0), at(1)]);
  });

  it("takes samples without a clock for life, and moves no condition by them", () => {
    const script = new GatewayScript().device("f1").sample("f1", 0, -20).watermark(s);
    for (let t = 10 * s; t <= 5 * minutes; t += 10 * s)
      script.sample("f1", -1e12, -10, { clock: "unsynced" }).watermark(t);
    const engine = createRuleEngine(rules);
    expect(run(rules, script.events, engine)).toEqual([]);
    expect(engine.counts.unsynced).toBe(30);
  });
});
