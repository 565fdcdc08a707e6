import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toDeviceId, toGatewayId, toSiteId } from "../../src/core/ids.ts";
import { whyNotSelected } from "../../src/rules/answers/why-not-selected.ts";
import { createRuleEngine } from "../../src/rules/engine.ts";
import { selectsDevice } from "../../src/rules/select.ts";
import { GatewayScript, minutes, ruleSet } from "./gateway-script.ts";

const warm = {
  alert: "Warm",
  select: { metric: "temperature" },
  condition: { threshold: { above: -15, deadband: 2 } },
  for: "10m",
  keep_firing_for: "5m",
  severity: "warning",
};

function explained(rule: object, script: GatewayScript) {
  const engine = createRuleEngine(ruleSet(rule));
  for (const event of script.events) engine.feed(event);
  return engine.explain("Warm", "f1");
}

describe("an alert is explained", () => {
  it("by its value, its limit and the timers with what is left of them", () => {
    const pending = new GatewayScript()
      .device("f1", { intervalMs: minutes })
      .steady("f1", 0, 4 * minutes, minutes, -10);
    expect(explained(warm, pending)).toMatchObject([
      {
        state: "pending",
        gateway: "gw1",
        reasons: [
          "temperature is -10 °C since 2026-11-21T12:04:00.000Z, the limit is -15",
          "the breach began at 2026-11-21T12:00:00.000Z",
        ],
        facts: [
          "if it stays so it fires in 6m, at 2026-11-21T12:10:00.000Z",
          "a value counts for 3m: this one until 2026-11-21T12:07:00.000Z",
        ],
      },
    ]);
    const keeping = pending
      .steady("f1", 5 * minutes, 12 * minutes, minutes, -10)
      .steady("f1", 13 * minutes, 14 * minutes, minutes, -18);
    expect(explained(warm, keeping)).toMatchObject([
      {
        state: "keeping",
        facts: [
          "if it stays normal for 5m it ends in 4m, at 2026-11-21T12:18:00.000Z",
          expect.stringContaining("a value counts for 3m"),
        ],
      },
    ]);
    const silent = keeping
      .steady("f1", 15 * minutes, 16 * minutes, minutes, -10)
      .watermark(30 * minutes);
    expect(explained({ ...warm, quality: ["good", "bad"] }, silent)).toMatchObject([
      {
        state: "firing",
        facts: [
          "no value counts: what fires goes on (on_missing: keep)",
          "samples count that are good or bad",
        ],
      },
    ]);
  });

  it("by its schedule, inside and outside", () => {
    const script = new GatewayScript()
      .device("f1", { intervalMs: minutes })
      .steady("f1", 0, 4 * minutes, minutes, -10);
    const during = { ...warm, schedule: [{ hours: ["11:00-13:00"] }] };
    const before = { ...warm, schedule: [{ hours: ["13:00-14:00"] }] };
    expect(explained(during, script)).toMatchObject([
      {
        state: "pending",
        facts: [
          "it is within its schedule until 2026-11-21T13:00:00.000Z, where it ends at the latest",
          "if it stays so it fires in 6m, at 2026-11-21T12:10:00.000Z",
          expect.any(String),
        ],
      },
    ]);
    expect(explained(before, script)).toMatchObject([
      {
        state: "ok",
        facts: ["it is outside of its schedule until 2026-11-21T13:00:00.000Z", expect.any(String)],
      },
    ]);
  });

  it("by an expression that fails on what one device sends, while others are judged", () => {
    const rule = { ...warm, select: {}, condition: { expr: { fire: "m.a > m.b" } }, for: "0s" };
    const engine = createRuleEngine(ruleSet(rule));
    const script = new GatewayScript();
    for (const device of ["f1", "f2"]) script.device(device, { metrics: ["a", "b"] });
    script.sample("f1", 1_000, 5, { metric: "a" }).sample("f1", 1_000, "off", { metric: "b" });
    script.sample("f2", 1_000, 5, { metric: "a" }).sample("f2", 1_000, 2, { metric: "b" });
    script.watermark(5_000);
    for (const event of script.events) engine.feed(event);
    expect(engine.explain("Warm", "f1")).toMatchObject([
      {
        state: "ok",
        reasons: [
          "m.a > m.b is unknown; a is 5, b is off",
          expect.stringMatching(/^failed 1 time, last: .*at character 1$/),
        ],
      },
    ]);
    expect(engine.explain("Warm", "f2")).toMatchObject([{ state: "firing" }]);
  });

  it("by samples where those are counted", () => {
    const script = new GatewayScript().device("f1").steady("f1", 0, 2 * minutes, minutes, -10);
    const { for: _, ...rule } = warm;
    expect(explained({ ...rule, for_samples: 5 }, script)).toMatchObject([
      { facts: ["3 of 5 samples are beyond the limit", expect.any(String)] },
    ]);
  });

  it("where the rule is not about the device, by each part that does not fit and what was found", () => {
    const script = new GatewayScript().device("f1", {
      tags: { area: "yard" },
      attrs: { floor: 2 },
      metrics: ["door"],
    });
    const select = { profile: "motor*", device: ["m1", "m2"], tags: { area: "cold" } };
    const rule = {
      ...warm,
      select: { ...select, metric: "temperature" },
      where: "device.attrs.floor > 3",
    };
    expect(explained(rule, script)).toEqual([
      {
        ...{ site: "plant-a", gateway: "gw1", rule: "g/Warm", alert: "Warm", device: "f1" },
        state: "unwatched",
        reasons: [
          "select.profile is motor*, the device's is freezer",
          "select.device is m1 or m2, the device's is f1",
          "select.tags.area is cold, the device's is yard",
          "it has no metric temperature; it has door",
          "where: device.attrs.floor > 3 does not hold; its floor is 2",
        ],
      },
    ]);
    expect(explained(warm, new GatewayScript().device("f2"))).toEqual([]);
  });

  it("with a reason exactly where the rule is not about the device", () => {
    const word = fc.constantFrom("a", "b");
    const some = fc.option(fc.array(word, { minLength: 1, maxLength: 2 }), { nil: undefined });
    const rules = [
      { threshold: { above: 1 } },
      { threshold: { above: { attr: "max", default: 1 } } },
      { absent: { longer_than: "1m", of: "t" } },
      { absent: { intervals: 3 } },
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...rules),
        some,
        some,
        fc.record({ profile: word, tag: word, told: fc.boolean(), has: fc.boolean() }),
        (condition, profile, tag, { has, told, ...found }) => {
          const select = {
            ...(profile && { profile }),
            ...(tag && { tags: { x: tag } }),
            ...("threshold" in condition && { metric: "t" }),
          };
          const [rule] = ruleSet({ alert: "A", select, condition, severity: "info" }).rules;
          if (!rule) throw new Error("there is one");
          const device = {
            ...{ site: toSiteId("s"), gateway: toGatewayId("g"), device: toDeviceId("d") },
            profile: found.profile,
            intervalMs: has ? 1_000 : undefined,
            tags: told ? { x: found.tag } : {},
            attrs: {},
            metrics: new Set(has ? ["t"] : []),
            told,
          };
          expect(whyNotSelected(rule, device).length > 0).toBe(!selectsDevice(rule, device));
        },
      ),
    );
  });
});
