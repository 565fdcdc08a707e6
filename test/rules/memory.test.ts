import { describe, expect, it } from "vitest";
import { createRuleEngine } from "../../src/rules/engine.ts";
import { GatewayScript, ruleSet, run, s } from "./gateway-script.ts";
import { KeptMemory } from "./kept-memory.ts";

const rules = ruleSet(
  {
    alert: "Warm",
    select: { metric: "temperature" },
    condition: { threshold: { above: 30 } },
    for: "1m",
    severity: "warning",
  },
  {
    alert: "Silent",
    select: {},
    condition: { absent: { longer_than: "5m" } },
    severity: "warning",
  },
);

/** Forty devices, each of which has said something. */
function saved() {
  const script = new GatewayScript();
  for (let n = 0; n < 40; n += 1) script.sample(`d${n}`, s + n, 20);
  script.watermark(10 * s);
  script.watermark(11 * s);
  const engine = createRuleEngine(rules);
  run(rules, script.events, engine);
  return { script, engine, kept: new KeptMemory() };
}

/** The events that `add` adds to the script. */
function added(script: GatewayScript, add: () => void): GatewayScript["events"] {
  const before = script.events.length;
  add();
  return script.events.slice(before);
}

describe("the memory of the rules", () => {
  it("is saved in parts of sixteen devices, in the order in which they were met", () => {
    const { engine, kept } = saved();
    expect(kept.save(engine)).toEqual(["gw1.0", "gw1.1", "gw1.2"]);
    expect(kept.save(engine)).toEqual([]);
    const devices = kept.load()?.gateways[0]?.devices.map(({ device }) => device);
    expect(devices).toEqual(Array.from({ length: 40 }, (_, n) => `d${n}`));
  });

  it("saves of devices that say nothing nothing again, while time goes on", () => {
    const { engine, kept, script } = saved();
    kept.save(engine);
    for (let t = 12; t < 200; t += 10) {
      run(
        rules,
        added(script, () => script.watermark(t * s)),
        engine,
      );
      expect(kept.save(engine)).toEqual([]);
    }
    // Then they are silent for too long.
    const late = added(script, () => script.watermark(400 * s));
    expect(run(rules, late, engine)).toHaveLength(40);
    expect(kept.save(engine)).toHaveLength(3);
  });

  it("saves of one device that speaks only its own part", () => {
    const { engine, kept, script } = saved();
    kept.save(engine);
    const spoken = added(script, () => {
      script.sample("d17", 12 * s, 40);
      script.watermark(13 * s);
    });
    run(rules, spoken, engine);
    expect(kept.save(engine)).toEqual(["gw1.1"]);
  });

  it("saves the part of a device that is gone, and none for a part without devices", () => {
    const { engine, kept, script } = saved();
    kept.save(engine);
    const gone = added(script, () => {
      for (let n = 31; n < 40; n += 1)
        script.status(`d${n}`, 12 * s, { state: "offline", cause: "device-removed" });
    });
    run(rules, gone, engine);
    expect(kept.save(engine)).toEqual(["gw1.1"]);
    expect(kept.load()?.gateways[0]?.devices).toHaveLength(31);
  });

  it("counts the time that passed over a device since it was saved, under other rules too", () => {
    const { engine, kept, script } = saved();
    const breach = added(script, () => {
      script.sample("d1", 12 * s, 40);
      script.watermark(13 * s);
    });
    run(rules, breach, engine);
    kept.save(engine);
    // Nothing falls due for it in half a minute, in which others speak.
    const others = added(script, () => {
      for (let t = 14; t < 44; t += 1) script.sample("d39", t * s, 20).watermark(t * s);
    });
    run(rules, others, engine);
    expect(kept.save(engine)).toEqual(["gw1.2"]);

    const whole = JSON.parse(JSON.stringify(engine.snapshot()));
    expect(createRuleEngine(rules, kept.load()).snapshot()).toEqual(
      createRuleEngine(rules, whole).snapshot(),
    );
    const shorter = ruleSet({
      alert: "Warm",
      select: { metric: "temperature" },
      condition: { threshold: { above: 30 } },
      for: "20s",
      severity: "warning",
    });
    const rest = added(script, () => script.watermark(45 * s));
    const [fired] = run(shorter, rest, createRuleEngine(shorter, kept.load()));
    expect(fired).toMatchObject({ labels: { device: "d1" }, reason: "for_elapsed" });
    // The rules that were stood at 43 s when they were edited; nothing fires before that.
    expect(fired?.fired_at.slice(17, 19)).toBe("43");
  });
});
