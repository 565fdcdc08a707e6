import { describe, expect, it } from "vitest";
import type { StoredEvent } from "../../src/core/event.ts";
import { createRuleEngine } from "../../src/rules/engine.ts";
import type { TransitionDraft } from "../../src/rules/words/transition.ts";
import { GatewayScript, hours, minutes, ruleSet, run, s, startMs, told } from "./gateway-script.ts";

const warm = {
  alert: "Warm",
  select: { metric: "temperature" },
  condition: { threshold: { above: -15 } },
  for: "25s",
  severity: "warning",
};
const silent = {
  alert: "Silent",
  select: { metric: "temperature" },
  condition: { absent: { longer_than: "10m" } },
  severity: "critical",
};

/** What one engine says of events, some of which it never saw between the two parts. */
function runTorn(
  rules: ReturnType<typeof ruleSet>,
  before: readonly StoredEvent[],
  after: readonly StoredEvent[],
): TransitionDraft[] {
  const engine = createRuleEngine(rules);
  const drafts = run(rules, before, engine);
  const [next] = after;
  if (next) engine.forget(next.origin.gateway, next.receivedMs);
  return [...drafts, ...run(rules, after, engine)];
}

const breach = () => new GatewayScript().device("f1").steady("f1", 0, 10 * s, 10 * s, -10).events;

describe("records that are gone unread", () => {
  it("leave a condition unknown until its next sample", () => {
    const rules = ruleSet(warm);
    const later = new GatewayScript().watermark(20 * s).watermark(40 * s);
    expect(told(run(rules, [...breach(), ...later.events]))).toEqual([
      "firing for_elapsed warning 12:00:25",
    ]);

    expect(runTorn(rules, breach(), later.events)).toEqual([]);
    const cold = new GatewayScript()
      .watermark(40 * s)
      .sample("f1", 50 * s, -20)
      .watermark(50 * s);
    expect(runTorn(rules, breach(), cold.events)).toEqual([]);
    const warmStill = new GatewayScript().steady("f1", 2 * hours, 2 * hours + 30 * s, 10 * s, -10);
    expect(told(runTorn(rules, breach(), warmStill.events))).toEqual([
      "firing for_elapsed warning 14:00:25",
    ]);
    const soon = new GatewayScript().steady("f1", 1 * minutes, 2 * minutes, 10 * s, -10);
    expect(told(runTorn(rules, breach(), soon.events))).toEqual([
      "firing for_elapsed warning 12:01:15",
    ]);
  });

  it("end nothing that fires", () => {
    const rules = ruleSet({ ...warm, for: "0s" });
    const later = new GatewayScript().watermark(2 * hours).sample("f1", 2 * hours + s, -20);
    expect(told(runTorn(rules, breach(), later.watermark(2 * hours + s).events))).toEqual([
      "firing for_elapsed warning 12:00:00",
      "ended normal warning 14:00:01",
    ]);
  });

  it("make no device silent that may have spoken in between", () => {
    const rules = ruleSet(silent);
    const later = new GatewayScript()
      .watermark(2 * hours)
      .watermark(2 * hours + 10 * minutes)
      .watermark(2 * hours + 11 * minutes);
    expect(told(run(rules, [...breach(), ...later.events]))).toEqual([
      "firing for_elapsed critical 12:10:10",
    ]);

    expect(told(runTorn(rules, breach(), later.events))).toEqual([
      "firing for_elapsed critical 14:10:00",
    ]);
  });

  it("concern no other gateway", () => {
    const rules = ruleSet(silent);
    const engine = createRuleEngine(rules);
    const other = new GatewayScript("gw2").device("f1").steady("f1", 0, 10 * s, 10 * s, -10);
    run(rules, [...breach(), ...other.events], engine);
    const [first] = breach();
    if (first) engine.forget(first.origin.gateway, startMs + hours);
    const later = new GatewayScript("gw2").watermark(hours);
    expect(run(rules, later.events, engine)).toHaveLength(1);
  });
});
