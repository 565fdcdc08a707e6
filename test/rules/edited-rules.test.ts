import { describe, expect, it } from "vitest";
import { createRuleEngine } from "../../src/rules/engine.ts";
import type { RuleEngine } from "../../src/rules/rule-engine.ts";
import type { RuleSet } from "../../src/rules/rule-set.ts";
import { GatewayScript, minutes, ruleSet, run, s, startMs, told } from "./gateway-script.ts";

const hot = {
  alert: "X",
  select: { metric: "temperature" },
  condition: { threshold: { above: 30 } },
  severity: "warning",
};

/** Goes on under other rules, from what was saved as text. */
function edit(engine: RuleEngine, rules: RuleSet): RuleEngine {
  return createRuleEngine(rules, JSON.parse(JSON.stringify(engine.snapshot())));
}

/** An engine that saw `d` at 40, with humidity 5, and a watermark. */
function firing(rule: object = hot): RuleEngine {
  const engine = createRuleEngine(ruleSet(rule));
  const script = new GatewayScript()
    .device("d", { metrics: ["temperature", "humidity"] })
    .sample("d", 0, 40)
    .sample("d", 0, 5, { metric: "humidity" })
    .watermark(s);
  run(ruleSet(rule), script.events, engine);
  return engine;
}

describe("a rule that judges something else", () => {
  it("never takes the value of the old metric for one of the new", () => {
    const calm = { ...hot, condition: { threshold: { above: 80 } } };
    const damp = {
      ...hot,
      select: { metric: "humidity" },
      condition: { threshold: { above: 20 } },
    };
    const engine = edit(firing(calm), ruleSet(damp));
    const { events } = new GatewayScript()
      .watermark(2 * s)
      .sample("d", 10 * s, 5, { metric: "humidity" })
      .watermark(11 * s);
    expect(run(ruleSet(damp), events, engine)).toEqual([]);
  });

  it.each([
    ["another metric", { ...hot, select: { metric: "humidity" } }],
    ["another type", { ...hot, condition: { threshold: { equals: "hot" } } }],
    ["another kind", { ...hot, condition: { absent: { longer_than: "1h" } } }],
  ])("ends what fires before it starts anew: %s", (_, rule) => {
    const engine = edit(firing(), ruleSet(rule));
    const drafts = run(ruleSet(rule), new GatewayScript().watermark(2 * s).events, engine);
    expect(drafts.map(({ state, reason, n }) => [state, reason, n])).toEqual([
      ["ended", "rule_changed", 2],
    ]);
  });
});

describe("a limit that was edited", () => {
  it("is named by the end, and that the rule was changed", () => {
    const raised = ruleSet({ ...hot, condition: { threshold: { above: 50 } } });
    const { events } = new GatewayScript().sample("d", 10 * s, 40).watermark(11 * s);
    expect(run(raised, events, edit(firing(), raised))).toMatchObject([
      {
        state: "ended",
        reason: "rule_changed",
        value: 40,
        limit: 50,
        rule_rev: raised.rules[0]?.rev,
      },
    ]);
  });

  it("ends an alert when it was edited, and not when the value came that still holds", () => {
    const held = { ...hot, hold: "12h" };
    const engine = firing(held);
    run(ruleSet(held), new GatewayScript().watermark(60 * minutes).events, engine);
    const raised = ruleSet({ ...held, condition: { threshold: { above: 50 } } });
    const { events } = new GatewayScript().watermark(61 * minutes);
    expect(told(run(raised, events, edit(engine, raised)))).toEqual([
      "ended rule_changed warning 13:00:00",
    ]);
  });

  it("is not the reason of an end that a sample brought", () => {
    const raised = ruleSet({ ...hot, condition: { threshold: { above: 35 } } });
    const { events } = new GatewayScript().sample("d", 10 * s, 20).watermark(11 * s);
    expect(run(raised, events, edit(firing(), raised))).toMatchObject([
      { state: "ended", reason: "normal", value: 20, limit: 35 },
    ]);
  });
});

describe("on_missing that was edited while the value is missing", () => {
  const missing = (on_missing: string, value: number): RuleEngine => {
    const rule = { ...hot, on_missing };
    const engine = createRuleEngine(ruleSet(rule));
    const script = new GatewayScript()
      .device("d")
      .sample("d", 0, value)
      .watermark(2 * minutes);
    run(ruleSet(rule), script.events, engine);
    return engine;
  };

  it.each([
    ["fire", "keep", 20, ["ended rule_changed warning"]],
    ["fire", "resolve", 20, ["ended no_data warning"]],
    ["fire", "keep", 40, []],
    ["keep", "resolve", 40, ["ended no_data warning"]],
    ["keep", "resolve", 20, []],
    ["keep", "fire", 20, ["firing no_data warning"]],
    ["resolve", "fire", 40, ["firing no_data warning"]],
    ["keep", "fire", 40, []],
  ])("from %s to %s at a value of %i", (before, after, value, expected) => {
    const rules = ruleSet({ ...hot, on_missing: after });
    const engine = edit(edit(missing(before, value), rules), rules);
    const { events } = new GatewayScript().watermark(3 * minutes).watermark(4 * minutes);
    const drafts = run(rules, events, engine);
    expect(told(drafts).map((line) => line.slice(0, line.lastIndexOf(" ")))).toEqual(expected);
  });
});

describe("a rule that was taken out and put back", () => {
  const none = ruleSet({ ...hot, alert: "Other", select: { metric: "voltage" } });

  it("ends the old episode before it begins another", () => {
    const engine = edit(firing(), none);
    const sample = new GatewayScript().sample("d", 4 * s, 40).events;
    expect(run(none, sample, engine)).toEqual([]);
    const back = edit(edit(engine, ruleSet(hot)), ruleSet(hot));
    const drafts = run(ruleSet(hot), new GatewayScript().watermark(6 * s).events, back);
    expect(drafts.map(({ state, reason, n }) => [state, reason, n])).toEqual([
      ["ended", "rule_removed", 2],
      ["firing", "for_elapsed", 1],
    ]);
    const [ended, fired] = drafts;
    expect(Date.parse(fired?.started_at ?? "")).toBeGreaterThan(
      Date.parse(ended?.started_at ?? ""),
    );
  });

  it("begins no episode before one that ended while it was out", () => {
    const engine = edit(firing(), none);
    run(none, new GatewayScript().watermark(5 * s).events, engine);
    const back = edit(engine, ruleSet(hot));
    // A late sample of the moment at which the old episode began.
    const script = new GatewayScript().sample("d", 0, 41, { receivedMs: 6 * s }).watermark(7 * s);
    const [fired] = run(ruleSet(hot), script.events, back);
    expect(Date.parse(fired?.started_at ?? "")).toBeGreaterThan(startMs);
  });
});

describe("a snapshot of the first version", () => {
  it("is read: what fires goes on, lags and the newest samples are known", () => {
    const { gateways, ...rest } = JSON.parse(JSON.stringify(firing().snapshot()));
    const [{ devices, ...gateway }] = gateways;
    const [{ clock, metrics, watches, ...device }] = devices;
    const [{ judges: _, ...watch }] = watches;
    const { marks: __, onMissing: ___, ...state } = watch.state;
    const old = {
      ...rest,
      gateways: [
        {
          ...gateway,
          devices: [
            {
              ...device,
              last: clock.last[1],
              lags: [[Math.floor(clock.last[0] / 3_600_000), 0]],
              newest: { temperature: metrics.temperature.last },
              watches: [{ ...watch, state }],
            },
          ],
        },
      ],
    };
    const engine = createRuleEngine(ruleSet(hot), old);
    expect([...engine.open()]).toHaveLength(1);
    const script = new GatewayScript().sample("d", 10 * s, 20).watermark(11 * s);
    expect(told(run(ruleSet(hot), script.events, engine))).toEqual([
      "ended normal warning 12:00:10",
    ]);
  });
});
