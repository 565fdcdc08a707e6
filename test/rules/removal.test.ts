import { describe, expect, it } from "vitest";
import { toGatewayId } from "../../src/core/ids.ts";
import { createRuleEngine } from "../../src/rules/engine.ts";
import {
  at,
  GatewayScript,
  hours,
  minutes,
  ruleSet,
  run,
  runWithRestarts,
  s,
  told,
} from "./gateway-script.ts";

const warm = {
  alert: "Warm",
  select: { metric: "temperature" },
  condition: { threshold: { above: 0 } },
  severity: "critical",
};
const silent = {
  alert: "Silent",
  select: {},
  condition: { absent: { longer_than: "10m" } },
  severity: "warning",
};
const rules = ruleSet(warm, silent);

function remove(script: GatewayScript, device: string, atMs: number): GatewayScript {
  return script.status(device, atMs, { state: "unknown", cause: "device-removed" });
}

describe("a device that is removed", () => {
  it("ends what fires for it, and is silent no more", () => {
    const script = new GatewayScript().device("f1").device("f2").sample("f1", 0, 5);
    script.watermark(s).watermark(11 * minutes);
    remove(script, "f1", 12 * minutes)
      .watermark(13 * minutes)
      .watermark(5 * hours);
    const drafts = run(rules, script.events);
    expect(runWithRestarts(rules, script.events)).toEqual(drafts);
    const own = drafts.filter(({ labels }) => labels["device"] === "f1");
    expect(told(own.filter(({ state }) => state === "ended"))).toEqual([
      "ended device_removed warning 12:12:00",
      "ended device_removed critical 12:12:00",
    ]);
    const engine = createRuleEngine(rules);
    run(rules, script.events, engine);
    expect([...engine.open()].map(({ labels }) => labels["device"])).toEqual(["f2"]);
  });

  it("begins its alerts behind those it had before, also with readings from before them", () => {
    const script = new GatewayScript()
      .device("f1")
      .sample("f1", hours, 5)
      .watermark(hours + s);
    remove(script, "f1", hours + minutes).watermark(hours + 2 * minutes);
    script.sample("f1", 10 * minutes, 5, { receivedMs: 2 * hours }).watermark(2 * hours + s);
    const drafts = run(ruleSet(warm), script.events);
    expect(runWithRestarts(ruleSet(warm), script.events)).toEqual(drafts);
    expect(drafts.map(({ started_at, state }) => [state, started_at])).toEqual([
      ["firing", at(hours)],
      ["ended", at(hours)],
      ["firing", at(hours + 1)],
    ]);
  });

  it("is judged by what it said before", () => {
    const script = new GatewayScript()
      .device("f1")
      .watermark(s)
      .sample("f1", 2 * s, 5);
    remove(script, "f1", 3 * s);
    expect(told(run(rules, script.events))).toEqual([
      "firing for_elapsed critical 12:00:02",
      "ended device_removed critical 12:00:03",
    ]);
  });

  it("is a new one when it speaks again", () => {
    const script = new GatewayScript().device("f1").sample("f1", 0, 5).watermark(s);
    remove(script, "f1", 2 * s)
      .device("f1", {}, 60 * s)
      .sample("f1", 60 * s, 5);
    const drafts = run(rules, script.watermark(61 * s).events);
    expect(runWithRestarts(rules, script.events)).toEqual(drafts);
    expect(drafts.map(({ n, started_at, state }) => [state, n, started_at])).toEqual([
      ["firing", 1, at(0)],
      ["ended", 2, at(0)],
      ["firing", 1, at(60 * s)],
    ]);
  });

  it("need not be known", () => {
    expect(run(rules, remove(new GatewayScript(), "nobody", s).events)).toEqual([]);
  });
});

describe("a gateway that is removed", () => {
  it("begins its alerts behind those it had before when it comes back with old readings", () => {
    let engine = createRuleEngine(ruleSet(warm));
    const before = new GatewayScript().sample("f1", hours, 5).watermark(hours + s);
    run(ruleSet(warm), before.events, engine);
    expect(engine.remove(toGatewayId("gw1"))).toHaveLength(1);
    engine = createRuleEngine(ruleSet(warm), JSON.parse(JSON.stringify(engine.snapshot())));
    expect(createRuleEngine(ruleSet(warm), engine.snapshot()).snapshot()).toEqual(
      engine.snapshot(),
    );
    const back = new GatewayScript()
      .sample("f1", 10 * minutes, 5, { receivedMs: 2 * hours })
      .watermark(2 * hours);
    expect(run(ruleSet(warm), back.events, engine)).toMatchObject([
      { state: "firing", started_at: at(hours + 1) },
    ]);
  });

  it("ends what fires for its devices, and touches no other gateway", () => {
    const engine = createRuleEngine(rules);
    for (const name of ["gw1", "gw2"])
      run(rules, new GatewayScript(name).sample("f1", 0, 5).watermark(s).events, engine);
    const ends = engine.remove(toGatewayId("gw1"));
    expect(told(ends)).toEqual(["ended gateway_removed critical 12:00:01"]);
    expect([...engine.open()].map(({ labels }) => labels["gateway"])).toEqual(["gw2"]);
    expect(engine.remove(toGatewayId("gw1"))).toEqual([]);
    expect(engine.watermarkMs(toGatewayId("gw1"))).toBeUndefined();
  });
});

describe("more devices than there is room for", () => {
  /** 20,000 names of the past, each heard once within the first seconds. */
  function crowd(): GatewayScript {
    const script = new GatewayScript();
    for (let n = 0; n < 20_000; n += 1) script.sample(`old-${n}`, Math.floor(n / 1_000) * s, -5);
    return script.watermark(20 * s);
  }

  it("give up those that were silent for a day, and a new one is watched", () => {
    const engine = createRuleEngine(ruleSet(warm));
    run(rules, crowd().events, engine);
    const restored = createRuleEngine(ruleSet(warm), JSON.parse(JSON.stringify(engine.snapshot())));
    const script = new GatewayScript().watermark(25 * hours).sample("new", 25 * hours, 5);
    script.watermark(25 * hours + s);
    const drafts = run(rules, script.events, engine);
    expect(drafts.map(({ labels, state }) => [labels["device"], state])).toEqual([
      ["new", "firing"],
    ]);
    expect(engine.counts).toMatchObject({ displaced: 1 });
    expect(run(rules, script.events, restored)).toEqual(drafts);
    expect(restored.explain("Warm", "old-0")).toEqual([]);
    expect(restored.explain("Warm", "old-1")).toHaveLength(1);
  });

  it("end what fires for those that go", () => {
    const engine = createRuleEngine(ruleSet(silent));
    run(rules, crowd().watermark(25 * hours).events, engine);
    const script = new GatewayScript().sample("new", 25 * hours, 5);
    const drafts = run(rules, script.events, engine);
    expect(drafts).toMatchObject([{ reason: "device_removed", labels: { device: "old-0" } }]);
  });

  it("leave the new one out and count it while all were heard lately", () => {
    const engine = createRuleEngine(ruleSet(warm));
    run(rules, crowd().events, engine);
    const leftOut = engine.counts.leftOut;
    run(rules, new GatewayScript().sample("new", hours, 5).watermark(hours).events, engine);
    expect(engine.counts).toMatchObject({ displaced: 0, leftOut: leftOut + 1 });
  });
});
