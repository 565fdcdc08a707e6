import { describe, expect, it } from "vitest";
import type { DerivedValue } from "../../src/core/derived-value.ts";
import type { StoredEvent } from "../../src/core/event.ts";
import { toGatewayId } from "../../src/core/ids.ts";
import { createRuleEngine } from "../../src/rules/engine.ts";
import type { EngineSnapshot } from "../../src/rules/engine-snapshot.ts";
import { parseRules } from "../../src/rules/language/rule-file-schema.ts";
import { buildRuleSet, type RuleSet } from "../../src/rules/rule-set.ts";
import { GatewayScript, hours, minutes, ruleSet, run, s, startMs } from "./gateway-script.ts";

/** What is told of an engine's series; restored after every event where `restarts`. */
function derived(rules: RuleSet, events: readonly StoredEvent[], restarts = false): DerivedValue[] {
  let engine = createRuleEngine(rules);
  const all: DerivedValue[] = [];
  for (const event of events) {
    engine.feed(event);
    all.push(...engine.derived());
    if (!restarts) continue;
    const saved: EngineSnapshot = JSON.parse(JSON.stringify(engine.snapshot()));
    engine = createRuleEngine(rules, saved);
  }
  return all;
}

/** `12:00 +1m 3.5 of 6`, with `rev 2` for a correction. */
const brief = ({ count, endMs, rev, startMs: from, value }: DerivedValue) =>
  `${new Date(from).toISOString().slice(11, 16)} +${(endMs - from) / minutes}m ${value} of ${count}${rev > 1 ? ` rev ${rev}` : ""}`;

const record = (more: object = {}) => ({
  record: "temperature_minute",
  select: { metric: "temperature" },
  agg: "avg",
  every: "1m",
  ...more,
});

describe("a series of a device", () => {
  it("is told of pane by pane, when the device's line has passed the end", () => {
    const script = new GatewayScript().device("d");
    for (let n = 0; n < 12; n += 1) script.sample("d", n * 10 * s, n);
    script.watermark(119 * s);
    expect(derived(ruleSet(record()), script.events).map(brief)).toEqual(["12:00 +1m 2.5 of 6"]);
    script.watermark(125 * s);
    expect(derived(ruleSet(record()), script.events).map(brief)).toEqual([
      "12:00 +1m 2.5 of 6",
      "12:01 +1m 8.5 of 6",
    ]);
  });

  it("is corrected by a sample that comes late, once for each watermark, and not for ever", () => {
    const script = new GatewayScript().device("d");
    const late = (timeMs: number, value: number, receivedMs: number) =>
      script.sample("d", timeMs, value, { receivedMs });
    script
      .sample("d", 10 * s, 1)
      .sample("d", 70 * s, 5)
      .watermark(71 * s);
    late(20 * s, 3, 75 * s);
    late(30 * s, 5, 76 * s);
    script.sample("d", 80 * s, 5).watermark(81 * s);
    script.sample("d", 10 * minutes, 5).watermark(10 * minutes);
    late(40 * s, 100, 10 * minutes + s);
    script.sample("d", 10 * minutes + 2 * s, 5).watermark(12 * minutes);
    expect(derived(ruleSet(record()), script.events).map(brief)).toEqual([
      "12:00 +1m 1 of 1",
      "12:00 +1m 3 of 3 rev 2",
      "12:01 +1m 5 of 2",
      "12:10 +1m 5 of 2",
    ]);
  });

  it("has every pane of a backlog, though nothing was told for hours", () => {
    const script = new GatewayScript().device("d");
    script.sample("d", 0, 1).watermark(3 * hours);
    for (let n = 1; n <= 120; n += 1)
      script.sample("d", n * minutes, n, { receivedMs: 3 * hours + n });
    script.watermark(4 * hours);
    const told = derived(ruleSet(record({ lateness: "1m" })), script.events);
    expect(told.map(({ value }) => value)).toEqual([
      1,
      ...Array.from({ length: 119 }, (_, n) => n + 1),
    ]);
  });

  it("is not told of where there was no sample", () => {
    const script = new GatewayScript().device("d");
    script
      .sample("d", 0, 1)
      .sample("d", 2 * hours, 2)
      .watermark(2 * hours + 2 * minutes);
    expect(derived(ruleSet(record({ agg: "count" })), script.events).map(brief)).toEqual([
      "12:00 +1m 1 of 1",
      "14:00 +1m 1 of 1",
    ]);
  });

  it("adds up what a counter rose to what it shows, over gaps and resets", () => {
    const script = new GatewayScript().device("d");
    const readings = [100, 110, 110, 0, 130, 4, 9];
    readings.forEach((value, n) => {
      script.sample("d", n * 5 * minutes, value).watermark(n * 5 * minutes + s);
    });
    script.watermark(2 * hours);
    const told = derived(ruleSet(record({ agg: "increase", every: "15m" })), script.events);
    expect(told.map(brief)).toEqual([
      "12:00 +15m 10 of 2",
      "12:15 +15m 24 of 3",
      "12:30 +15m 5 of 1",
    ]);
  });

  it("leaves out samples of poor quality and what is no number", () => {
    const script = new GatewayScript().device("d");
    script
      .sample("d", 0, 1)
      .sample("d", s, 50, { quality: "bad" })
      .sample("d", 2 * s, "open");
    script.watermark(2 * minutes);
    expect(derived(ruleSet(record()), script.events).map(brief)).toEqual(["12:00 +1m 1 of 1"]);
  });

  it("is there for rules and for other series", () => {
    const rules = ruleSet(
      { ...record({ record: "hourly", agg: "sum", every: "1h" }), select: { metric: "minutely" } },
      record({ record: "minutely", agg: "max" }),
      {
        alert: "High",
        select: { metric: "minutely" },
        condition: { threshold: { above: 30 } },
        severity: "info",
      },
    );
    const script = new GatewayScript().device("d");
    for (let n = 0; n < 60; n += 1) script.sample("d", n * minutes, n).watermark(n * minutes);
    script.watermark(2 * hours);
    const told = derived(rules, script.events);
    expect(told.filter(({ series }) => series === "hourly").map(brief)).toEqual([
      "12:00 +60m 1770 of 60",
    ]);
    const [fired] = run(rules, script.events);
    expect(fired?.started_at).toBe(new Date(startMs + 32 * minutes).toISOString());
    expect(fired?.value).toBe(31);
  });

  it("ends with what there is when its device is removed", () => {
    const script = new GatewayScript()
      .device("d")
      .sample("d", 10 * s, 7)
      .watermark(20 * s);
    script.status("d", 30 * s, { state: "offline", cause: "device-removed" });
    expect(derived(ruleSet(record()), script.events).map(brief)).toEqual(["12:00 +1m 7 of 1"]);
  });
});

describe("a series of a gateway", () => {
  it("is made of all devices that are selected, and waits for the latest, a minute at most", () => {
    const script = new GatewayScript().device("a").device("b");
    script.sample("a", 0, 1).sample("b", 5 * s, 3, { receivedMs: 35 * s });
    script.watermark(80 * s);
    const rules = ruleSet(record({ per: "gateway", agg: "avg" }));
    expect(derived(rules, script.events)).toEqual([]);
    script.watermark(90 * s);
    expect(derived(rules, script.events)).toMatchObject([
      { gateway: toGatewayId("gw1"), device: null, value: 2, count: 2, rev: 1 },
    ]);
  });
});

describe("what a series is not", () => {
  const faultsOf = (more: object) => {
    const parsed = parseRules({ version: 1, groups: [{ name: "g", rules: [record(more)] }] });
    return parsed.ok ? [] : parsed.faults.map(({ hint, message }) => `${message}; ${hint}`);
  };

  it("is said: of a site, or made at some times only", () => {
    expect(faultsOf({ per: "site" })).toEqual([expect.stringContaining("a site has no series")]);
    expect(faultsOf({ schedule: { hours: ["08:00-18:00"] } })).toEqual([
      expect.stringContaining("give schedule to the rule that asks for it"),
    ]);
    expect(faultsOf({ per: "gateway" })).toEqual([]);
  });
});

describe("series of devices", () => {
  it.each(["gateway", "site"])("are heard by rules per %s", (per) => {
    const rules = ruleSet(record(), {
      alert: "Warm",
      ...{ per, select: { metric: "temperature_minute" }, severity: "info" },
      condition: { window: { agg: "avg", over: "5m", every: "1m", above: 5 } },
    });
    const script = new GatewayScript().device("a").device("b");
    for (let n = 0; n < 120; n += 1)
      script
        .sample("a", n * 10 * s, n < 60 ? 2 : 8)
        .sample("b", n * 10 * s, n < 60 ? 2 : 10)
        .watermark(n * 10 * s + s);
    expect(run(rules, script.events).filter(({ rule }) => rule === "g/Warm")).toMatchObject([
      { state: "firing", labels: { metric: "temperature_minute" } },
    ]);
  });
});

describe("any series", () => {
  it("is the same wherever the engine is stopped and restored", () => {
    const rules = ruleSet(
      record(),
      record({ record: "site_rise", agg: "increase", per: "gateway", every: "15m" }),
      {
        ...record({ record: "hourly", agg: "p95", every: "1h" }),
        select: { metric: "temperature_minute" },
      },
    );
    const script = new GatewayScript().device("a").device("b");
    for (let n = 0; n < 200; n += 1) {
      const timeMs = n * 17 * s - (n % 7 === 0 ? 90 * s : 0);
      script.sample(n % 3 === 0 ? "a" : "b", timeMs, (n * 7) % 31, { receivedMs: n * 17 * s });
      if (n % 4 === 0) script.watermark(n * 17 * s);
    }
    script.watermark(3 * hours);
    const whole = derived(rules, script.events);
    expect(whole.length).toBeGreaterThan(60);
    expect(derived(rules, script.events, true)).toEqual(whole);
    const rising = new Map<string, number>();
    for (const { atMs, device, series } of whole) {
      const key = `${series} ${device}`;
      expect(atMs).toBeGreaterThan(rising.get(key) ?? 0);
      rising.set(key, atMs);
    }
  });
});

describe("a rule that makes a series", () => {
  const faultsOf = (...rules: readonly object[]) => {
    const parsed = parseRules({ version: 1, groups: [{ name: "g", rules }] });
    if (!parsed.ok) return parsed.faults.map(({ message }) => message);
    const built = buildRuleSet([parsed.value]);
    return built.ok ? [] : built.faults.map(({ message }) => message);
  };

  it("is refused where it is made of itself, is there twice or names no zone", () => {
    expect(faultsOf(record({ zone: "Mars/Olympus" }))[0]).toContain("is no zone");
    expect(faultsOf(record(), record())[0]).toContain("twice");
    const [one, other] = [record({ record: "one" }), record({ record: "other" })];
    expect(
      faultsOf({ ...one, select: { metric: "other" } }, { ...other, select: { metric: "one" } })[0],
    ).toContain("made of each other");
    expect(faultsOf({ ...record(), every: "7m" })).toHaveLength(1);
    expect(faultsOf({ ...record(), windw: 1 })[0]).toContain("windw");
  });
});
