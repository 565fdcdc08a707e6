import { describe, expect, it } from "vitest";
import { readYaml } from "../../src/config/read-yaml.ts";
import { parseRules } from "../../src/rules/rule-file-schema.ts";
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

describe("the rules of the handbook", () => {
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
});
