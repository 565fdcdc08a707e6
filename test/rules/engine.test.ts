import { describe, expect, it } from "vitest";
import type { StoredEvent } from "../../src/core/event.ts";
import { toGatewayId } from "../../src/core/ids.ts";
import { createRuleEngine } from "../../src/rules/engine.ts";
import { endUnjudged } from "../../src/rules/words/transition.ts";
import { at, GatewayScript, minutes, ruleSet, run, s, startMs, told } from "./gateway-script.ts";

const warm = {
  alert: "Warm",
  select: { profile: "freezer", metric: "temperature" },
  condition: { threshold: { above: -15, deadband: 2 } },
  severity: "warning",
  labels: { team: "facilities", line: "{{ device.tags.line }}" },
  annotations: { summary: "{{ device.name }} is at {{ value | fixed(1) }} {{ unit }}" },
};

function breach(gateway = "gw1"): GatewayScript {
  return new GatewayScript(gateway)
    .device("f1", { tags: { name: "Freezer 1" } })
    .steady("f1", 0, 20 * s, 10 * s, -11.42);
}

describe("a transition", () => {
  it("says who, what, why and when", () => {
    const [draft, ...rest] = run(ruleSet(warm), breach().events);
    expect(rest).toEqual([]);
    expect(draft).toEqual({
      schema: "alert.transition/1",
      id: `${draft?.episode}.1`,
      episode: expect.stringMatching(/^[0-9a-f]{16}$/),
      n: 1,
      instance: expect.stringMatching(/^[0-9a-f]{16}$/),
      rule: "g/Warm",
      rule_rev: expect.stringMatching(/^[0-9a-f]{8}$/),
      state: "firing",
      reason: "for_elapsed",
      severity: "warning",
      stale: false,
      labels: {
        site: "plant-a",
        gateway: "gw1",
        device: "f1",
        metric: "temperature",
        team: "facilities",
      },
      annotations: { summary: "Freezer 1 is at -11.4 °C" },
      value: -11.42,
      limit: -15,
      unit: "Cel",
      started_at: at(0),
      fired_at: at(0),
      ended_at: null,
      at: at(0),
    });
  });

  it("has an identity that survives releases", () => {
    const [draft] = run(ruleSet(warm), breach().events);
    expect([draft?.instance, draft?.id]).toEqual(["4ea6760d6edfaf56", "8f508802008fe9ef.1"]);
  });

  it("has other identities for the same device name on two gateways", () => {
    const drafts = run(ruleSet(warm), [...breach("gw1").events, ...breach("gw2").events]);
    expect(new Set(drafts.map(({ instance }) => instance)).size).toBe(2);
  });
});

describe("selection", () => {
  it.each([
    ["profile without its version", { profile: "freezer" }, true],
    ["another profile", { profile: "motor" }, false],
    ["a pattern", { device: "f*", gateway: "*1" }, true],
    ["a pattern with ? for one character", { device: "f?" }, true],
    ["one of a list", { device: ["x", "f1"] }, true],
    ["a tag", { tags: { name: "Freezer*" } }, true],
    ["a tag the device lacks", { tags: { line: "*" } }, false],
    ["a site", { site: "plant-b" }, false],
    ["a pattern that nearly fits", { device: "f1*1" }, false],
  ])("asks for %s", (_, select, isSelected) => {
    const rule = { ...warm, select: { metric: "temperature", ...select } };
    expect(run(ruleSet(rule), breach().events)).toHaveLength(isSelected ? 1 : 0);
  });

  it("judges a device that nobody told of by what its events say", () => {
    const { events } = new GatewayScript().steady("f1", 0, 20 * s, 10 * s, -10);
    const withProfile = events.map((event): StoredEvent => ({ ...event, profile: "freezer@1" }));
    expect(run(ruleSet(warm), events)).toEqual([]);
    expect(run(ruleSet(warm), withProfile)).toHaveLength(1);
  });

  it("makes rules that need the record wait for it", () => {
    const rule = { ...warm, select: { metric: "temperature", tags: { name: "F*" } } };
    const script = new GatewayScript().steady("f1", 0, 20 * s, 10 * s, -10);
    expect(run(ruleSet(rule), script.events)).toEqual([]);
    script.device("f1", { tags: { name: "F1" } }).steady("f1", 30 * s, 40 * s, 10 * s, -10);
    expect(run(ruleSet(rule), script.events)).toHaveLength(1);
  });

  it("ends what fires for a device that the rule no longer selects", () => {
    const script = breach().device("f1", { profile: "fridge@1" }).watermark(minutes);
    expect(told(run(ruleSet(warm), script.events))).toEqual([
      "firing for_elapsed warning 12:00:00",
      "ended rule_removed warning 12:01:00",
    ]);
  });
});

describe("a device's record", () => {
  it("that no longer names the metric ends what fires, and nothing watches it from then on", () => {
    const rule = ruleSet({ ...warm, select: { metric: "temperature", tags: { name: "F*" } } });
    const script = breach()
      .device("f1", { metrics: ["door"] })
      .watermark(minutes);
    const drafts = run(rule, script.events);
    expect(told(drafts)).toEqual([
      "firing for_elapsed warning 12:00:00",
      "ended rule_removed warning 12:01:00",
    ]);
    script.sample("f1", 70 * s, -20).watermark(2 * minutes);
    expect(run(rule, script.events)).toEqual(drafts);
  });
});

describe("a change of rules", () => {
  const fired = createRuleEngine(ruleSet(warm));
  run(ruleSet(warm), breach().events, fired);
  const snapshot = fired.snapshot();
  const more = new GatewayScript().steady("f1", 30 * s, 60 * s, 10 * s, -11.42).events;

  it("is not noticed by an episode when only words change", () => {
    const words = { annotations: { summary: "{{ value }}" }, labels: { team: "x" }, latch: true };
    const edited = ruleSet({ ...warm, ...words, severity: "critical" });
    expect(edited.rev).toBe(ruleSet(warm).rev);
    expect(run(edited, more, createRuleEngine(edited, snapshot))).toEqual([]);
  });

  it("judges a running episode by the new limit, without ending it in between", () => {
    const stricter = ruleSet({ ...warm, condition: { threshold: { above: -18, deadband: 2 } } });
    expect(stricter.rev).not.toBe(ruleSet(warm).rev);
    expect(run(stricter, more, createRuleEngine(stricter, snapshot))).toEqual([]);
    const looser = ruleSet({ ...warm, condition: { threshold: { above: 0 } } });
    expect(told(run(looser, more, createRuleEngine(looser, snapshot)))).toEqual([
      "ended rule_changed warning 12:00:20",
    ]);
  });

  it("ends the episode when the kind of the condition changes", () => {
    const absent = ruleSet({ ...warm, condition: { absent: { longer_than: "1m" } } });
    const drafts = run(absent, more, createRuleEngine(absent, snapshot));
    expect(drafts.map(({ state, n }) => [state, n])).toEqual([["ended", 2]]);
  });

  it("ends the episodes of a rule that is gone, at the next watermark", () => {
    const other = ruleSet({ ...warm, alert: "Other", condition: { threshold: { above: 50 } } });
    const drafts = run(other, more, createRuleEngine(other, snapshot));
    expect(drafts).toHaveLength(1);
    expect(drafts[0]).toMatchObject({
      rule: "g/Warm",
      reason: "rule_removed",
      n: 2,
      at: at(30 * s),
    });
    const disabled = ruleSet({ ...warm, enabled: false });
    expect(run(disabled, more, createRuleEngine(disabled, snapshot))).toEqual(drafts);
  });

  it("carries the end that is due over another restart", () => {
    const other = ruleSet({ ...warm, alert: "Other", condition: { threshold: { above: 50 } } });
    const again = JSON.parse(JSON.stringify(createRuleEngine(other, snapshot).snapshot()));
    expect(run(other, more, createRuleEngine(other, again))).toHaveLength(1);
  });

  it("never ends an episode before it fired", () => {
    const [last] = run(ruleSet(warm), breach().events);
    if (!last) throw new Error("nothing fired");
    expect(endUnjudged(last, "rule_removed", startMs - minutes).ended_at).toBe(last.fired_at);
  });

  it("applies a new rule to the devices that are known", () => {
    const added = ruleSet(warm, { ...warm, alert: "Warmer", for: "10s" });
    const drafts = run(added, more, createRuleEngine(added, snapshot));
    expect(drafts.map(({ rule, started_at }) => [rule, started_at])).toEqual([
      ["g/Warmer", at(20 * s)],
    ]);
  });
});

describe("explain", () => {
  it("says the state of an instance, why it is in it, and what comes next", () => {
    const engine = createRuleEngine(ruleSet({ ...warm, for: "5m" }));
    run(ruleSet(warm), breach().events, engine);
    expect(engine.explain("Warm", "f1")).toEqual(engine.explain("g/Warm", "f1"));
    expect(engine.explain("Warm", "f1")).toMatchObject([
      {
        site: "plant-a",
        gateway: "gw1",
        rule: "g/Warm",
        alert: "Warm",
        device: "f1",
        state: "pending",
        judgedTo: at(20 * s),
        due: at(5 * minutes),
        reasons: [
          `temperature is -11.42 °C since ${at(20 * s)}, the limit is -15`,
          `the breach began at ${at(0)}`,
        ],
      },
    ]);
    expect(engine.explain("Warm", "f2")).toEqual([]);
    expect([...engine.instances()]).toHaveLength(1);
  });
});

describe("bounds", () => {
  it("judges early what would pile up without a watermark", () => {
    const engine = createRuleEngine(ruleSet(warm));
    const script = new GatewayScript().device("f1");
    for (let n = 0; n < 50_000; n += 1) script.sample("f1", n, -10);
    expect(run(ruleSet(warm), script.events, engine)).toHaveLength(1);
    expect(engine.counts.overflows).toBe(1);
  });

  it("watches no more devices by one rule than its bound, and counts the others", () => {
    const engine = createRuleEngine(ruleSet(warm));
    const script = new GatewayScript();
    for (let n = 0; n < 10_001; n += 1) script.device(`d${n}`);
    run(ruleSet(warm), script.events, engine);
    expect([...engine.instances()]).toHaveLength(10_000);
    expect(engine.counts.leftOut).toBe(1);
  });

  it("counts what gap events declare lost", () => {
    const engine = createRuleEngine(ruleSet(warm));
    run(ruleSet(warm), new GatewayScript().gap(3).gap(4).events, engine);
    expect(engine.counts.declaredLost).toBe(7);
  });
});

describe("the watermark", () => {
  it("never goes back without a reset: a lower one moves no line", () => {
    const rules = ruleSet({ ...warm, for: "25s" });
    const engine = createRuleEngine(rules);
    const script = breach().watermark(10 * s);
    run(rules, script.events, engine);
    expect(engine.watermarkMs(script.events[0]?.origin.gateway ?? toGatewayId(""))).toBe(
      startMs + 20 * s,
    );
    const { events } = new GatewayScript().device("f2").watermark(21 * s);
    run(rules, events, engine);
    expect(engine.explain("Warm", "f1")).toMatchObject([{ judgedTo: at(20 * s) }]);
  });
});
