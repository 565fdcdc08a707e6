import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { readYaml } from "../../src/config/read-yaml.ts";
import { parseRules } from "../../src/rules/language/rule-file-schema.ts";
import { buildRuleSet, type RuleSet } from "../../src/rules/rule-set.ts";
import { GatewayScript, hours, minutes, run, runWithRestarts, s, told } from "./gateway-script.ts";
import { noise } from "./value-series.ts";

/** The rules of a text, as people write it. */
function rulesOf(text: string): RuleSet {
  const read = readYaml(`version: 1\ngroups:\n  - name: works\n    rules:\n${text}`);
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  const parsed = parseRules(read.value);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  const built = buildRuleSet([parsed.value]);
  if (!built.ok) throw new Error(JSON.stringify(built.faults));
  return built.value;
}

/** What is told, which restarts of the engine after each message do not change. */
function transitions(rules: RuleSet, script: GatewayScript) {
  const drafts = run(rules, script.events);
  expect(runWithRestarts(rules, script.events)).toEqual(drafts);
  return drafts;
}

/** `t1 firing for_elapsed warning 12:02:00`. */
const ofDevices = (drafts: ReturnType<typeof transitions>): string[] =>
  told(drafts).map((words, index) => `${drafts[index]?.labels["device"]} ${words}`);

describe("the rules of the handbook", () => {
  it("escalate one alert of a motor by limits of its own, and end it once", () => {
    const rules = rulesOf(`
      - alert: MotorHot
        select: { profile: motor, metric: winding_temp }
        condition:
          threshold:
            levels:
              - { severity: warning,  above: { attr: limits.warn, default: 80 }, deadband: 4 }
              - { severity: critical, above: { attr: limits.trip, default: 95 }, deadband: 4, for: 20s }
        for: 2m
        keep_firing_for: 1m
        annotations: { summary: "{{ device.name }}: winding {{ value | fixed(0) }} °C (limit {{ limit }})" }`);
    const script = new GatewayScript();
    const motor = { profile: "motor@3", metrics: ["winding_temp"], tags: { name: "Mill 4" } };
    script.device("m1", motor).device("m2", { ...motor, attrs: { "limits.warn": 90 } });
    const heat = (t: number): number => (t < 5 ? 85 : t < 8 ? 97 : t < 11 ? 92 : t < 14 ? 77 : 70);
    for (let t = 0; t <= 17 * minutes; t += 10 * s) {
      for (const device of ["m1", "m2"])
        script.sample(device, t, heat(t / minutes), { metric: "winding_temp" });
      script.watermark(t);
    }
    const drafts = transitions(rules, script);
    expect(ofDevices(drafts)).toEqual([
      "m1 firing for_elapsed warning 12:02:00",
      "m1 firing level critical 12:05:20",
      "m2 firing for_elapsed critical 12:05:20",
      "m1 firing level warning 12:12:00",
      "m2 ended normal critical 12:12:00",
      "m1 ended normal warning 12:15:00",
    ]);
    expect(new Set(drafts.map(({ episode }) => episode)).size).toBe(2);
    expect(drafts[0]?.annotations["summary"]).toBe("Mill 4: winding 85 °C (limit 80)");
  });

  it("find a probe that fell silent, though its device still sends", () => {
    const rules = rulesOf(`
      - alert: ProbeSilent
        select: { profile: freezer, metric: temperature }
        condition: { absent: { longer_than: 15m, of: temperature } }
        severity: warning
        suppressed_by: [ { alert: GatewayOffline, equal: [gateway] }, { alert: DeviceSilent, equal: [device] } ]`);
    const script = new GatewayScript().device("f1").device("f2");
    for (let t = 0; t <= 2 * hours; t += minutes) {
      script.sample("f1", t, -18);
      if (t <= hours) script.sample("f2", t, -18);
      else script.sample("f2", t, 80, { metric: "battery" });
      script.watermark(t);
    }
    const drafts = transitions(rules, script).filter(({ rule }) => rule === "works/ProbeSilent");
    expect(ofDevices(drafts)).toEqual(["f2 firing for_elapsed warning 13:15:00"]);
    expect(drafts[0]?.handling?.suppressed_by).toEqual([
      { alert: "GatewayOffline", equal: ["gateway"] },
      { alert: "DeviceSilent", equal: ["device"] },
    ]);
  });

  it("find any of three phases over its limit while the machine runs", () => {
    const rules = rulesOf(`
      - alert: PhaseOverload
        select: { profile: energy_meter }
        condition:
          expr:
            fire:  'm.mode == "run" && (m.i1 > 63.0 || m.i2 > 63.0 || m.i3 > 63.0)'
            clear: 'm.i1 < 58.0 && m.i2 < 58.0 && m.i3 < 58.0'
        for: 30s
        severity: warning
        annotations: { summary: "{{ m.i1 }}, {{ m.i2 }}, {{ m.i3 }} A" }`);
    const script = new GatewayScript();
    const metrics = ["mode", "i1", "i2", "i3"];
    for (const device of ["e1", "e2"])
      script.device(device, { profile: "energy_meter@1", metrics });
    for (let t = 0; t <= 4 * minutes; t += 10 * s) {
      const i2 = t < minutes ? 50 : t < 2 * minutes ? 70 : t < 3 * minutes ? 60 : 55;
      for (const device of ["e1", "e2"]) {
        script.sample(device, t, device === "e1" ? "run" : "idle", { metric: "mode" });
        for (const [metric, amperes] of Object.entries({ i1: 40, i2, i3: 41.5 }))
          script.sample(device, t, amperes, { metric });
      }
      script.watermark(t);
    }
    const drafts = transitions(rules, script);
    expect(ofDevices(drafts)).toEqual([
      "e1 firing for_elapsed warning 12:01:30",
      "e1 ended normal warning 12:03:00",
    ]);
    expect(drafts[0]?.annotations["summary"]).toBe("40, 70, 41.5 A");
  });

  it("find a door that is opened too often in an hour", () => {
    const rules = rulesOf(`
      - alert: DoorBusy
        select: { profile: cold_room, metric: door }
        condition: { window: { agg: count, matching: 'value == "open"', over: 1h, above: 40 } }
        severity: info`);
    const script = new GatewayScript();
    for (const device of ["r1", "r2"])
      script.device(device, { profile: "cold_room@1", metrics: ["door"], intervalMs: null });
    for (let n = 0; n < 180; n += 1) {
      const atMs = n * minutes;
      const opens = (every: number): string => (n < 90 && n % every === 0 ? "open" : "closed");
      script.sample("r1", atMs, opens(1), { metric: "door" });
      script.sample("r2", atMs, opens(2), { metric: "door" });
      script.watermark(atMs);
    }
    const drafts = transitions(rules, script);
    expect(drafts.map(({ labels, state }) => [labels["device"], state])).toEqual([
      ["r1", "firing"],
      ["r1", "ended"],
    ]);
  });

  it("find a level probe that is stuck, and not one that is silent", () => {
    const rules = rulesOf(`
      - alert: LevelProbeStuck
        select: { profile: tank, metric: level }
        where: device.attrs.in_use == true
        condition: { stuck: { longer_than: 6h, tolerance: 0.05 } }
        severity: info
        annotations: { summary: "{{ device.name }} stays at {{ value }} {{ unit }}" }`);
    const script = new GatewayScript();
    const tank = { profile: "tank@1", metrics: ["level"], intervalMs: 10 * minutes };
    for (const device of ["t1", "t2", "t3", "t4"])
      script.device(device, { ...tank, attrs: { in_use: device !== "t4" } });
    for (let n = 0; n <= 42; n += 1) {
      const atMs = n * 10 * minutes;
      script.sample("t1", atMs, 3.2 + (n % 2) * 0.05, { metric: "level" });
      script.sample("t4", atMs, 3.2, { metric: "level" });
      script.sample("t2", atMs, 3.2 + n * 0.01, { metric: "level" });
      if (n < 5 || n > 36) script.sample("t3", atMs, 1.5, { metric: "level" });
      script.watermark(atMs);
    }
    script.sample("t1", 7 * hours + 5 * minutes, 3.4, { metric: "level" });
    const drafts = transitions(rules, script.watermark(7 * hours + 5 * minutes));
    expect(told(drafts)).toEqual([
      "firing for_elapsed info 18:00:00",
      "ended normal info 19:05:00",
    ]);
    expect(drafts[0]?.labels["device"]).toBe("t1");
    expect(drafts[0]?.annotations["summary"]).toBe("t1 stays at 3.2 °C");
  });

  it("find a pressure that falls too fast", () => {
    const rules = rulesOf(`
      - alert: PressureDrop
        select: { metric: pressure, tags: { line: compressed-air } }
        condition: { rate: { below: -0.3, per: 1m, over: 3m } }
        severity: critical
        latch: true
        annotations: { summary: "{{ value | fixed(2) }} {{ unit }}" }`);
    const script = new GatewayScript();
    const air = { metrics: ["pressure"], tags: { line: "compressed-air" } };
    script.device("p1", air).device("p2", { ...air, tags: { line: "water" } });
    for (let n = 0; n <= 90; n += 1) {
      const fallen = Math.min(3, Math.max(0, n - 30) * 0.1);
      for (const device of ["p1", "p2"])
        script.sample(device, n * 10 * s, Number((7 - fallen).toFixed(1)), { metric: "pressure" });
      script.watermark(n * 10 * s);
    }
    const drafts = transitions(rules, script);
    expect(told(drafts)).toEqual([
      "firing for_elapsed critical 12:06:40",
      "ended normal critical 12:11:30",
    ]);
    expect(drafts[0]).toMatchObject({ labels: { device: "p1" }, unit: "Cel/min", limit: -0.3 });
    expect(drafts[0]?.annotations["summary"]).toMatch(/^-0\.3\d °C\/min$/);
  });

  it("find the drift of a pump that no fixed limit sees", () => {
    const rules = rulesOf(`
      - alert: PumpVibrationDrift
        select: { profile: pump, metric: vibration_rms }
        condition: { anomaly: { method: cusum, k: 0.5, h: 6, warmup: 48h, min_samples: 500 } }
        severity: warning
        annotations: { summary: "{{ value | fixed(1) }}, usually {{ expected | fixed(1) }}: {{ score | fixed(1) }} of {{ limit }}" }`);
    const script = new GatewayScript();
    script.device("p", { profile: "pump@1", metrics: ["vibration_rms"], intervalMs: 5 * minutes });
    const usual = noise(900, 2, 0.2);
    for (const [n, value] of usual.entries()) {
      const worn = n > 700 ? (n - 700) * 0.01 : 0;
      script.sample("p", n * 5 * minutes, value + worn, { metric: "vibration_rms" });
      script.watermark(n * 5 * minutes);
    }
    const [first, ...others] = transitions(rules, script);
    expect(others).toEqual([]);
    const sinceWornMs =
      Date.parse(first?.at ?? "") - Date.parse("2026-11-21T12:00:00Z") - 700 * 5 * minutes;
    expect(sinceWornMs).toBeGreaterThan(0);
    expect(sinceWornMs).toBeLessThan(4 * hours);
    expect(first?.annotations["summary"]).toMatch(/^2\.\d, usually 2\.0: [67]\.\d of 6$/);
  });

  it("are there to copy from, one of each kind", async () => {
    const file = new URL("../../config/rules/examples/by-kind.yaml", import.meta.url);
    const read = readYaml(await readFile(file, "utf8"));
    const parsed = parseRules(read.ok ? read.value : undefined);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
    const rules = parsed.value.groups.flatMap((group) => group.rules);
    const kinds = ["absent", "anomaly", "expr", "rate", "stuck", "threshold", "window"];
    expect([...new Set(rules.map(({ condition }) => condition.kind))].sort()).toEqual(kinds);
    expect(rules.filter(({ schedule }) => schedule)).toHaveLength(1);
  });
});
