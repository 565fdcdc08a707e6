import { describe, expect, it } from "vitest";
import { createRuleEngine } from "../../src/rules/engine.ts";
import { GatewayScript, minutes, ruleSet, s } from "./gateway-script.ts";
import { randomScript } from "./random-script.ts";

const temperature = { metric: "temperature" };
const about = { select: temperature, severity: "warning" };

/** For most of what comes nothing changes by any of them. */
const rules = ruleSet(
  { ...about, alert: "Hot", condition: { threshold: { above: 50, deadband: 5 } }, for: "30s" },
  { ...about, alert: "Hotter", condition: { threshold: { above: 57 } }, hold: "2m" },
  { ...about, alert: "Cold", condition: { threshold: { below: 3 } }, keep_firing_for: "1m" },
  { ...about, alert: "Odd", condition: { threshold: { outside: [2, 55] } }, for_samples: 2 },
  { ...about, alert: "Narrow", condition: { threshold: { inside: [20, 22] } } },
  { ...about, alert: "Exact", condition: { threshold: { equals: 33 } }, on_missing: "resolve" },
  { ...about, alert: "Any", condition: { threshold: { above: 52 } }, quality: ["good", "bad"] },
  { ...about, alert: "Lost", condition: { threshold: { above: 54 } }, on_missing: "fire" },
  { ...about, alert: "Own", condition: { threshold: { above: { attr: "max", default: 48 } } } },
  { ...about, alert: "Noon", condition: { threshold: { above: 45 } }, schedule: noon() },
  {
    ...about,
    alert: "Open",
    select: { metric: "door" },
    condition: { threshold: { equals: true } },
  },
);

function noon(): readonly object[] {
  const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
  return [{ weekdays, hours: ["12:00-13:00", "20:00-21:00"], zone: "UTC" }];
}

describe("rules that rest", () => {
  it.each(Array.from({ length: 12 }, (_, n) => `rest-${n}`))(
    "say and remember what rules do that are looked at all the time: %s",
    (seed) => {
      const [left, lookedAt] = [createRuleEngine(rules), createRuleEngine(rules)];
      for (const [n, event] of randomScript(seed).entries()) {
        expect([...left.feed(event)]).toEqual([...lookedAt.feed(event)]);
        lookedAt.tally();
        if (n % 10 === 0) expect(left.snapshot()).toEqual(lookedAt.snapshot());
      }
      expect([...left.instances()]).toEqual([...lookedAt.instances()]);
    },
  );

  it("are taken up from a checkpoint with the last value, not with the one that they came to rest by", () => {
    const script = new GatewayScript().device("d", { intervalMs: null });
    for (let n = 0; n < 20; n += 1) script.sample("d", n * s, 10 + n).watermark(n * s);
    const engine = createRuleEngine(rules);
    for (const event of script.events.splice(0)) engine.feed(event);

    const memory = JSON.parse(JSON.stringify(engine.snapshot()));
    const [view] = createRuleEngine(rules, memory).explain("Hot", "d");

    expect(view?.reasons.join()).toContain("temperature is 29 °C since 2026-11-21T12:00:19.000Z");
  });

  it("begin a breach at the sample that shows it", () => {
    const script = new GatewayScript().device("d");
    for (let n = 0; n < 20; n += 1) script.sample("d", n * 10 * s, 10 + n).watermark(n * 10 * s);
    script
      .sample("d", 200 * s, 51)
      .watermark(200 * s)
      .sample("d", 5 * minutes, 51);
    const engine = createRuleEngine(rules);
    const found = [...script.sample("d", 210 * s, 51).watermark(5 * minutes).events].flatMap(
      (event) => [...engine.feed(event)],
    );

    expect(found.find(({ rule }) => rule === "g/Hot")?.started_at).toBe("2026-11-21T12:03:20.000Z");
  });
});
