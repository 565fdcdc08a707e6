import { describe, expect, it } from "vitest";
import type { StoredEvent } from "../../src/core/event.ts";
import { toGatewayId } from "../../src/core/ids.ts";
import { createRuleEngine } from "../../src/rules/engine.ts";
import type { TransitionDraft } from "../../src/rules/words/transition.ts";
import { at, GatewayScript, minutes, ruleSet, run, runWithRestarts, s } from "./gateway-script.ts";
import { KeptMemory } from "./kept-memory.ts";
import { randomScript } from "./random-script.ts";

const cooling = (more: object = {}, window: object = {}) =>
  ruleSet({
    alert: "CoolingFailure",
    select: { profile: "freezer", metric: "temperature" },
    per: "gateway",
    condition: { window: { agg: "avg", over: "10m", above: -12, min_coverage: 0.5, ...window } },
    for: "5m",
    severity: "critical",
    ...more,
  });

/** Three freezers, of which one after the other warms up; a watermark every `everyS` seconds. */
function store(everyS: number, gateway = "gw1", warmFrom = 20): readonly StoredEvent[] {
  const script = new GatewayScript(gateway);
  for (const id of ["f1", "f2", "f3"]) script.device(id);
  for (let n = 0; n < 60 * 6; n += 1) {
    for (const [at, id] of ["f1", "f2", "f3"].entries()) {
      const isWarm = n >= (warmFrom + at) * 6 && n < 45 * 6;
      script.sample(id, n * 10 * s + at * s, isWarm ? 0 : -20);
    }
    if ((n * 10) % everyS === 0) script.watermark(n * 10 * s + 5 * s);
  }
  return script.watermark(80 * minutes).events;
}

describe("a rule per gateway", () => {
  it("is one alert of all freezers of a gateway, whenever watermarks come", () => {
    const drafts = run(cooling(), store(30));
    expect(drafts.map(({ state }) => state)).toEqual(["firing", "ended"]);
    expect(drafts[0]?.labels).toEqual({ site: "plant-a", gateway: "gw1", metric: "temperature" });
    expect(drafts[0]).toMatchObject({ started_at: at(26 * minutes), fired_at: at(31 * minutes) });
    for (const everyS of [10, 60, 600, 3_600])
      expect(run(cooling(), store(everyS))).toEqual(drafts);
  });

  it("is unknown while too few of its devices are known", () => {
    const script = new GatewayScript();
    for (const id of ["f1", "f2", "f3"]) script.device(id).sample(id, 0, -20);
    script.steady("f1", 10 * s, 30 * minutes, 10 * s, 0);
    expect(run(cooling({ on_missing: "resolve" }), script.events)).toEqual([]);
    const known = new GatewayScript().device("f1");
    known.steady("f1", 0, 30 * minutes, 10 * s, 0);
    expect(run(cooling(), known.events)).toHaveLength(1);
  });

  it("does not count devices that are gone", () => {
    const script = new GatewayScript();
    for (const id of ["f1", "f2", "f3"]) script.device(id).sample(id, 0, -20);
    for (const id of ["f2", "f3"])
      script.status(id, 20 * s, { state: "offline", cause: "reported" });
    script.steady("f1", 30 * s, 30 * minutes, 10 * s, 0);
    expect(run(cooling(), script.events)).toHaveLength(1);
  });

  it("ends with the last of its devices, and with its gateway", () => {
    const script = new GatewayScript().device("f1").device("f2");
    script.steady("f1", 0, 30 * minutes, 10 * s, 0);
    const engine = createRuleEngine(cooling());
    const fed = script.events.flatMap((event) => [...engine.feed(event)]);
    expect(fed).toHaveLength(1);
    expect([...engine.open()]).toEqual(fed);
    expect(engine.remove(toGatewayId("gw1"))).toMatchObject([{ reason: "gateway_removed" }]);
    for (const id of ["f1", "f2"])
      script.status(id, 31 * minutes, { state: "offline", cause: "device-removed" });
    expect(run(cooling(), script.events).at(-1)).toMatchObject({
      state: "ended",
      reason: "device_removed",
    });
  });

  it("finds that none of its devices was heard", () => {
    const rules = ruleSet({
      alert: "AllSilent",
      select: { device: "f*" },
      per: "gateway",
      condition: { absent: { longer_than: "5m" } },
      severity: "warning",
    });
    const script = new GatewayScript().device("f1").device("f2");
    for (let n = 0; n < 30; n += 1)
      script.sample(n % 2 ? "f1" : "f2", n * 2 * minutes, 1).watermark(n * 2 * minutes + s);
    for (let n = 60; n < 80; n += 1) script.watermark(n * minutes);
    const drafts = run(rules, script.events);
    expect(drafts).toMatchObject([{ state: "firing", started_at: at(63 * minutes) }]);
    expect(drafts[0]?.labels).toEqual({ site: "plant-a", gateway: "gw1" });
    expect(runWithRestarts(rules, script.events)).toEqual(drafts);
  });
});

describe("a rule per metric", () => {
  it("is an alert of each metric that fits", () => {
    const rules = ruleSet({
      alert: "High",
      select: { metric: ["t*", "humidity"] },
      per: "metric",
      condition: { threshold: { above: 5 } },
      severity: "info",
    });
    const script = new GatewayScript().device("d", { metrics: ["t1", "t2", "humidity", "other"] });
    for (const metric of ["t1", "t2", "humidity", "other"]) script.sample("d", s, 9, { metric });
    script
      .watermark(2 * s)
      .sample("d", 3 * s, 1, { metric: "t2" })
      .watermark(4 * s);
    const drafts = run(rules, script.events);
    expect(drafts.map(({ labels, state }) => `${labels["metric"]} ${state}`)).toEqual([
      "t1 firing",
      "t2 firing",
      "humidity firing",
      "t2 ended",
    ]);
    expect(new Set(drafts.map(({ instance }) => instance)).size).toBe(3);
    expect(runWithRestarts(rules, script.events)).toEqual(drafts);
  });

  it("leaves out more alerts than it may have, and counts them by rule", () => {
    const rules = ruleSet({
      alert: "High",
      select: { metric: "*" },
      per: "metric",
      max_instances: 2,
      condition: { threshold: { above: 5 } },
      severity: "info",
    });
    const engine = createRuleEngine(rules);
    const script = new GatewayScript().device("d", { metrics: ["a", "b", "c"] });
    for (const event of script.events) engine.feed(event);
    expect([...engine.instances()]).toHaveLength(2);
    expect(engine.counts.leftOut).toBe(1);
    expect(engine.counts.leftOutOf).toEqual({ "g/High": 1 });
  });
});

describe("rules about many devices", () => {
  const window = { agg: "avg", over: "10m", every: "1m", above: 25, deadband: 5 };
  const all = (isEdited: boolean) =>
    ruleSet(
      ...["gateway", "site"].map((per) => ({
        alert: `Warm_${per}`,
        select: { metric: "temperature" },
        per,
        condition: { window: { ...window, above: isEdited ? 30 : 25, min_coverage: 0.2 } },
        keep_firing_for: "2m",
        on_missing: per === "site" ? "resolve" : "keep",
        severity: "info",
      })),
      {
        alert: "Doors",
        select: { metric: "door", device: isEdited ? "a" : "*" },
        per: "gateway",
        condition: { window: { agg: "count", over: "5m", above: 3, matching: "value == true" } },
        hold: "2m",
        severity: "info",
      },
      {
        alert: "Silent",
        select: {},
        per: "gateway",
        condition: { absent: { longer_than: "80s" } },
        keep_firing_for: "15s",
        severity: "info",
        enabled: !isEdited,
      },
      {
        alert: "High",
        select: { metric: "*" },
        per: "metric",
        condition: { threshold: { above: isEdited ? 40 : 35 } },
        for: "20s",
        severity: "info",
      },
    );
  const before = all(false);
  const after = all(true);

  const play = (events: readonly StoredEvent[], each: number, inParts: boolean) => {
    let engine = createRuleEngine(before);
    let kept = new KeptMemory();
    const half = Math.floor(events.length / 2);
    return events.flatMap((event, n) => {
      if (n > 0 && (n === half || n % each === 0)) {
        const saved = inParts ? kept.load() : JSON.parse(JSON.stringify(engine.snapshot()));
        engine = createRuleEngine(n < half ? before : after, saved);
        kept = new KeptMemory();
      }
      const drafts = [...engine.feed(event)];
      if (inParts) kept.save(engine);
      return drafts;
    });
  };

  it.each(Array.from({ length: 4 }, (_, n) => `together-${n}`))(
    "say the same wherever they were stopped and taken up: %s",
    (seed) => {
      const events = randomScript(seed);
      const drafts = play(events, Number.POSITIVE_INFINITY, false);
      expect(play(events, 1, false)).toEqual(drafts);
      expect(play(events, 7, true)).toEqual(drafts);
      const open = new Map<string, TransitionDraft>();
      for (const draft of drafts) {
        const last = open.get(draft.instance);
        const isNext = last?.episode === draft.episode && draft.n === last.n + 1;
        const isLater = draft.n === 1 && draft.started_at > (last?.started_at ?? "");
        expect(isNext || isLater, JSON.stringify([last, draft])).toBe(true);
        open.set(draft.instance, draft);
      }
    },
  );
});
