import { describe, expect, it } from "vitest";
import { toGatewayId, toSiteId } from "../../src/core/ids.ts";
import { createRuleEngine } from "../../src/rules/engine.ts";
import { parseRules } from "../../src/rules/language/rule-file-schema.ts";
import { reservedRulesOf, rulesOptions } from "../../src/rules/options.ts";
import type { RuleEngine } from "../../src/rules/rule-engine.ts";
import { at, GatewayScript, ruleSet, run, s, startMs, told } from "./gateway-script.ts";

const rules = ruleSet({
  alert: "Warm",
  select: { metric: "temperature" },
  condition: { threshold: { above: 0 } },
  severity: "warning",
});
const origin = { site: toSiteId("plant-a"), gateway: toGatewayId("gw1") };

/** Message `lastSeq` was stored at `storedMs`, and for `quietMs` nothing since. */
function see(engine: RuleEngine, storedMs: number, quietMs: number, lastSeq = storedMs) {
  return engine.see({ ...origin, storedMs: startMs + storedMs, lastSeq, quietMs });
}

function restored(engine: RuleEngine, reserved = reservedRulesOf(rulesOptions.parse({}))) {
  return createRuleEngine(rules, JSON.parse(JSON.stringify(engine.snapshot())), reserved);
}

describe("a gateway that says nothing", () => {
  it("is an alert after a minute, from its last word to its next", () => {
    const engine = createRuleEngine(rules);
    expect(see(engine, 10 * s, 0)).toEqual([]);
    expect(see(engine, 10 * s, 59 * s)).toEqual([]);
    const fired = see(engine, 10 * s, 61 * s);
    expect(see(engine, 10 * s, 90 * s)).toEqual([]);
    const ended = see(engine, 300 * s, 0);
    expect(told([...fired, ...ended])).toEqual([
      "firing for_elapsed critical 12:01:10",
      "ended normal critical 12:05:00",
    ]);
    expect(fired[0]).toMatchObject({
      rule: "sluicegate/GatewayOffline",
      n: 1,
      labels: { site: "plant-a", gateway: "gw1" },
      started_at: at(10 * s),
    });
    expect(ended[0]).toMatchObject({
      n: 2,
      episode: fired[0]?.episode,
      annotations: { summary: expect.stringContaining("gw1 of plant-a is heard again") },
    });
  });

  it("is found, and ends, also where the clock of the server was set back", () => {
    let engine = createRuleEngine(rules);
    const found = [
      ...see(engine, 7_200 * s, 61 * s, 1),
      ...see(engine, 7_300 * s, 0, 2),
      ...see(engine, 100 * s, 61 * s, 3),
    ];
    engine = restored(engine);
    found.push(...see(engine, 100 * s, 0, 3), ...see(engine, 100 * s, 200 * s, 3));
    found.push(...see(engine, 50 * s, 0, 4));
    expect(found.map(({ n, started_at, state }) => [state, n, started_at])).toEqual([
      ["firing", 1, at(7_200 * s)],
      ["ended", 2, at(7_200 * s)],
      ["firing", 1, at(7_200 * s + 1)],
      ["ended", 2, at(7_200 * s + 1)],
    ]);
  });

  it("does not end where the store came back older, and it still says nothing", () => {
    const engine = createRuleEngine(rules);
    expect(see(engine, 100 * s, 61 * s, 9)).toHaveLength(1);
    expect(see(engine, 40 * s, 0, 4)).toEqual([]);
    expect(told(see(engine, 200 * s, 0, 5))).toEqual(["ended normal critical 12:03:20"]);
  });

  it("is the same alert for whoever finds it, however late", () => {
    const [first] = see(createRuleEngine(rules), 10 * s, 61 * s);
    const [second] = see(createRuleEngine(rules), 10 * s, 3_600 * s);
    expect(second).toEqual(first);
  });

  it("is no alert when it stopped on purpose, and one when it dies after it started again", () => {
    const engine = createRuleEngine(rules);
    const script = new GatewayScript().sample("f1", 0, -1).watermark(s);
    script.status(null, 2 * s, { state: "offline", cause: "gateway-stopped" });
    run(rules, script.events, engine);
    expect(see(engine, 2 * s, 600 * s)).toEqual([]);
    expect(see(restored(engine), 2 * s, 600 * s)).toEqual([]);
    run(rules, new GatewayScript().start(700 * s, "bbbbbbbb").events, engine);
    expect(see(engine, 700 * s, 61 * s)).toHaveLength(1);
  });

  it("goes on over a restart of the hub, and is open until it speaks", () => {
    const engine = createRuleEngine(rules);
    const fired = see(engine, 10 * s, 61 * s);
    const next = restored(engine);
    expect([...next.open()]).toEqual(fired);
    expect(see(next, 10 * s, 200 * s)).toEqual([]);
    expect(told(see(next, 300 * s, 0))).toEqual(["ended normal critical 12:05:00"]);
    expect([...next.open()]).toEqual([]);
  });

  it("is taken up from the alerts stream where the checkpoint is gone", () => {
    const [fired] = see(createRuleEngine(rules), 10 * s, 61 * s);
    const engine = createRuleEngine(rules);
    expect(fired && engine.goOnBehind(fired)).toBeUndefined();
    expect(see(engine, 10 * s, 61 * s)).toEqual([]);
    expect(see(engine, 300 * s, 0)).toMatchObject([{ state: "ended", reason: "normal" }]);
  });

  it("ends when its stream is removed", () => {
    const engine = createRuleEngine(rules);
    see(engine, 10 * s, 61 * s);
    expect(engine.remove(origin.gateway)).toMatchObject([
      { state: "ended", reason: "gateway_removed" },
    ]);
  });

  it("is no alert where the rule is switched off, and ends what fired", () => {
    const engine = createRuleEngine(rules);
    see(engine, 10 * s, 61 * s);
    const off = reservedRulesOf(
      rulesOptions.parse({ reserved: { GatewayOffline: { enabled: false } } }),
    );
    const next = restored(engine, off);
    expect(see(next, 10 * s, 90 * s)).toMatchObject([{ reason: "rule_removed", state: "ended" }]);
    expect(see(next, 10 * s, 90 * s)).toEqual([]);
  });

  it("waits as long as the configuration says, and is as severe", () => {
    const slow = reservedRulesOf(
      rulesOptions.parse({ reserved: { GatewayOffline: { for: "5m", severity: "info" } } }),
    );
    const engine = createRuleEngine(rules, undefined, slow);
    expect(see(engine, 0, 299 * s)).toEqual([]);
    expect(told(see(engine, 0, 300 * s))).toEqual(["firing for_elapsed info 12:05:00"]);
  });

  it("has a group of its own that no rule file may take", () => {
    const rule = {
      alert: "GatewayOffline",
      select: {},
      condition: { absent: { longer_than: "1m" } },
      severity: "info",
    };
    const parsed = parseRules({ version: 1, groups: [{ name: "sluicegate", rules: [rule] }] });
    expect(parsed).toMatchObject({ ok: false, faults: [{ path: ["groups", 0, "name"] }] });
  });
});
