import { describe, expect, it } from "vitest";
import type { AlertTransition } from "../../src/core/alert.ts";
import type { StoredEvent } from "../../src/core/event.ts";
import { toGatewayId, toRunId, toSeq, toSiteId } from "../../src/core/ids.ts";
import { createRuleEngine } from "../../src/rules/engine.ts";
import { ofEdge, ofHub } from "../../src/rules/rule-set.ts";
import type { TransitionDraft } from "../../src/rules/words/transition.ts";
import { GatewayScript, minutes, ruleSet, run, runWithRestarts, s } from "./gateway-script.ts";

const warm = {
  alert: "Warm",
  select: { metric: "temperature" },
  condition: { threshold: { above: 0 } },
  hold: "1h",
  severity: "critical",
};
const rules = ruleSet({ ...warm, evaluate: "edge" });
const script = new GatewayScript().device("f1").sample("f1", 0, 5).watermark(s);
script.sample("f1", minutes, -5).watermark(2 * minutes);

/** What the gateway writes behind its data about what it found. */
function said(found: TransitionDraft, seq: number, gateway = "gw1"): StoredEvent {
  const timeMs = Date.parse(found.at);
  const data: AlertTransition = { ...found, late: false, observed_at: found.at };
  return {
    ...{ kind: "alert-transition", device: null, timeMs, receivedMs: timeMs, clock: "gateway" },
    origin: { site: toSiteId("plant-a"), gateway: toGatewayId(gateway) },
    position: { run: toRunId("aaaaaaaa"), seq: toSeq(seq) },
    data,
  };
}

const found = run(ofEdge(rules), script.events);
const [first, second] = found;
if (!first || !second) throw new Error("the gateway finds nothing");
const hub = ofHub(rules);
const events = [...script.events, said(first, 100), said(second, 101)];

describe("a rule that gateways evaluate", () => {
  it("is judged by the gateway, and passed on by the hub as it was found, also over restarts", () => {
    expect(found.map(({ evaluated, state }) => [evaluated, state])).toEqual([
      ["edge", "firing"],
      ["edge", "ended"],
    ]);
    expect(run(hub, script.events)).toEqual([]);
    expect(run(hub, events)).toMatchObject(found);
    expect(runWithRestarts(hub, events)).toMatchObject(found);
  });

  it("makes another alert than the same rule at the hub, so that each has one writer", () => {
    const atHub = run(ofHub(ruleSet(warm)), script.events);
    expect(atHub).toHaveLength(2);
    expect(atHub[0]?.instance).not.toBe(first.instance);
    expect(atHub[0]?.evaluated).toBeUndefined();
  });

  it("is passed on where the hub does not know it, and known to be open", () => {
    const engine = createRuleEngine(ofHub(ruleSet(warm)));
    run(hub, [said(first, 100)], engine);
    expect([...engine.open()].map(({ id }) => id)).toEqual([first.id]);
  });

  it("is not passed on by whoever evaluates it", () => {
    expect(run(rules, events)).toEqual(found);
    expect(run(ofEdge(rules), events)).toEqual(found);
  });

  it("is left out where a gateway speaks for another, or its ids are none", () => {
    const engine = createRuleEngine(hub);
    const strange = { ...first, id: `${first.episode}.7` };
    const none = [said(first, 1, "gw2"), said(strange, 2), said({ ...first, n: 0.5 }, 3)];
    expect(run(hub, none, engine)).toEqual([]);
    expect(engine.counts.leftOut).toBe(3);
  });

  it("ends its alerts with the gateway", () => {
    const engine = createRuleEngine(hub);
    run(hub, [...script.events, said(first, 100)], engine);
    expect(engine.remove(toGatewayId("gw1"))).toMatchObject([
      { id: `${first.episode}.2`, state: "ended", reason: "gateway_removed" },
    ]);
    expect([...engine.open()]).toEqual([]);
  });

  it("goes on where what is stored fires, and is over where somebody ended it, whatever it says then", () => {
    const engine = createRuleEngine(hub);
    expect(engine.goOnBehind(first)).toBeUndefined();
    expect([...engine.open()].map(({ id }) => id)).toEqual([first.id]);
    engine.goOnBehind({ ...second, reason: "cleared" });
    expect(run(hub, [said(second, 101)], engine)).toEqual([]);
    const again = new GatewayScript().device("f1").sample("f1", 5 * minutes, 5);
    const [next] = run(ofEdge(rules), again.watermark(6 * minutes).events);
    if (!next) throw new Error("the gateway finds nothing");
    expect(run(hub, [said(next, 102)], engine)).toMatchObject([{ id: next.id }]);
  });
});
