import { describe, expect, it } from "vitest";
import { createRuleEngine } from "../../src/rules/engine.ts";
import {
  GatewayScript,
  minutes,
  ruleSet,
  run,
  runWithRestarts,
  s,
  told,
} from "./gateway-script.ts";

/** What stands in an event where a number belongs and something else came. */
const misfit = { quality: "bad" } as const;
const warm = {
  alert: "Warm",
  select: { metric: "temperature" },
  condition: { threshold: { above: 5 } },
  severity: "warning",
};

/** Transitions of `f1`, which restarts of the engine do not change. */
function transitions(rule: object, script: GatewayScript) {
  const rules = ruleSet(rule);
  const drafts = run(rules, script.events);
  expect(runWithRestarts(rules, script.events)).toEqual(drafts);
  return drafts;
}

describe("a text where a number belongs", () => {
  it.each([
    { above: 5 },
    { below: 5 },
    { below: 5, deadband: 1 },
    { outside: [2, 5] },
    { inside: [-100, 100] },
    { equals: 99 },
    { not_equals: 5 },
    { equals: "99" },
    { not_equals: "5" },
    { equals: true },
    { levels: [{ severity: "warning", above: 5 }] },
  ])("moves no condition: %j", (threshold) => {
    const { severity, ...rest } = warm;
    const script = new GatewayScript().device("f1");
    for (const [index, text] of ["99", "-99", "9 C", "", "NaN", "1e9"].entries())
      script.sample("f1", index * 10 * s, text, misfit).watermark(index * 10 * s);
    const given = "levels" in threshold ? rest : { ...rest, severity };
    expect(transitions({ ...given, condition: { threshold } }, script)).toEqual([]);
  });

  it("ends no alert, and its words are of the last value that could be compared", () => {
    const script = new GatewayScript()
      .device("f1")
      .sample("f1", 0, 7)
      .watermark(0)
      .sample("f1", 10 * s, "1 C", misfit)
      .watermark(10 * s)
      .sample("f1", 20 * s, 4)
      .watermark(20 * s);
    const annotations = { summary: "{{ value | fixed(1) }} {{ unit }}" };
    const drafts = transitions({ ...warm, annotations }, script);
    expect(told(drafts)).toEqual([
      "firing for_elapsed warning 12:00:00",
      "ended normal warning 12:00:20",
    ]);
    expect(drafts.map((draft) => draft.annotations)).toEqual([
      { summary: "7.0 °C" },
      { summary: "4.0 °C" },
    ]);
  });

  it("is a word of its device: it lives, and so does that metric", () => {
    for (const of of ["any", "temperature"]) {
      const silent = {
        alert: "Silent",
        select: { metric: "temperature" },
        condition: { absent: { longer_than: "1m", of } },
        severity: "warning",
      };
      const script = new GatewayScript().device("f1").sample("f1", 0, 4).watermark(0);
      for (let at = 30 * s; at <= 5 * minutes; at += 30 * s)
        script.sample("f1", at, "none", misfit).watermark(at);
      expect(transitions(silent, script)).toEqual([]);
      script.watermark(10 * minutes);
      expect(told(transitions(silent, script))).toEqual(["firing for_elapsed warning 12:06:00"]);
    }
  });

  it("is no value: after the last one that fits, one is missing as after silence", () => {
    const rule = { ...warm, hold: "1m", on_missing: "fire" };
    const script = new GatewayScript().device("f1").sample("f1", 0, 4).watermark(0);
    for (let at = 30 * s; at <= 3 * minutes; at += 30 * s)
      script.sample("f1", at, "none", misfit).watermark(at);
    expect(told(transitions(rule, script))).toEqual(["firing no_data warning 12:01:00"]);
  });

  it("is seen by a rule that asks for bad values, and compared with texts only", () => {
    const asks = { ...warm, quality: ["good", "bad"] };
    const script = new GatewayScript()
      .device("f1")
      .sample("f1", 0, "ERR", misfit)
      .watermark(0)
      .sample("f1", 10 * s, "9", misfit)
      .watermark(10 * s);
    const equals = { ...asks, condition: { threshold: { equals: "ERR" } } };
    expect(told(transitions(equals, script))).toEqual([
      "firing for_elapsed warning 12:00:00",
      "ended normal warning 12:00:10",
    ]);
    expect(transitions(asks, script)).toEqual([]);
  });

  it("is what a new rule meets first: the value before it does not count any more", () => {
    const script = new GatewayScript()
      .device("f1")
      .sample("f1", 0, 7)
      .sample("f1", 10 * s, "ERR", misfit)
      .watermark(10 * s);
    const before = createRuleEngine(ruleSet({ ...warm, condition: { threshold: { above: 50 } } }));
    for (const event of script.events) before.feed(event);
    const after = createRuleEngine(ruleSet(warm), before.snapshot());
    script.watermark(20 * s);
    expect(script.events.slice(-1).flatMap((event) => [...after.feed(event)])).toEqual([]);
  });
});
