import { describe, expect, it } from "vitest";
import type { StoredEvent } from "../../src/core/event.ts";
import { createRuleEngine } from "../../src/rules/engine.ts";
import type { RuleSet } from "../../src/rules/rule-set.ts";
import type { TransitionDraft } from "../../src/rules/words/transition.ts";
import { at, GatewayScript, minutes, ruleSet, run, s, told } from "./gateway-script.ts";

const warm = {
  alert: "Warm",
  select: { metric: "temperature" },
  condition: {
    threshold: {
      levels: [
        { above: 10, severity: "warning" },
        { above: 20, severity: "critical" },
      ],
    },
  },
};
const silent = {
  alert: "Silent",
  select: { metric: "temperature" },
  condition: { absent: { longer_than: "1m" } },
  severity: "critical",
};

/** Samples every ten seconds with these values, a watermark behind each. */
function samples(fromMs: number, ...values: readonly number[]): readonly StoredEvent[] {
  const script = new GatewayScript();
  for (const [index, value] of values.entries()) {
    const timeMs = fromMs + index * 10 * s;
    script.sample("f1", timeMs, value).watermark(timeMs);
  }
  return script.events;
}

/** The last stored transition where `seen` was read before it got lost. */
function storedAfter(rules: RuleSet, ...seen: readonly (readonly StoredEvent[])[]) {
  const stored = run(rules, seen.flat()).at(-1);
  if (!stored) throw new Error("nothing was stored");
  return stored;
}

const before = samples(0, 5, 5);
const after = samples(2 * minutes, 5, 5);

describe("an alert that was stored by records that are lost", () => {
  it("ends where the rules do not know of it", () => {
    const rules = ruleSet(warm);
    const stored = storedAfter(rules, before, samples(1 * minutes, 15));
    const engine = createRuleEngine(rules);
    run(rules, [...before, ...after], engine);

    const end = engine.goOnBehind(stored);

    expect(end).toMatchObject({
      id: `${stored.episode}.2`,
      n: 2,
      instance: stored.instance,
      state: "ended",
      reason: "data_lost",
      severity: "warning",
      labels: stored.labels,
      started_at: stored.started_at,
      ended_at: at(2 * minutes + 10 * s),
      at: at(2 * minutes + 10 * s),
    });
    expect([...engine.open()]).toEqual([]);
  });

  it("says so where it is the rule that is another now", () => {
    const stored = storedAfter(ruleSet(warm), before, samples(1 * minutes, 15));
    for (const rules of [ruleSet({ ...warm, keep_firing_for: "1m" }), ruleSet(silent)]) {
      const engine = createRuleEngine(rules);
      run(rules, [...before, ...after], engine);
      expect(engine.goOnBehind(stored)?.reason).toBe("rule_changed");
    }
  });

  it("ends for a device that the rules never heard of, and stays for such a gateway", () => {
    const rules = ruleSet(warm);
    const stored = storedAfter(rules, before, samples(1 * minutes, 15));
    const engine = createRuleEngine(rules);
    expect(engine.goOnBehind(stored)).toBeUndefined();
    run(rules, new GatewayScript().sample("f2", 0, 5).watermark(0).events, engine);
    expect(engine.goOnBehind(stored)?.reason).toBe("data_lost");
  });

  it("goes on where it is the one that the rules hold open, with the next number", () => {
    const rules = ruleSet(warm);
    const first = samples(0, 15);
    const stored = storedAfter(rules, first, samples(10 * s, 25));
    expect(stored.n).toBe(2);
    const engine = createRuleEngine(rules);
    run(rules, first, engine);

    expect(engine.goOnBehind(stored)).toBeUndefined();

    expect([...engine.open()]).toEqual([stored]);
    const ids = run(rules, samples(20 * s, 5), engine).map(({ id }) => id);
    expect(ids).toEqual([`${stored.episode}.3`]);
  });

  it("is over where it has ended and the rules hold it open", () => {
    const rules = ruleSet(warm);
    const first = samples(0, 15);
    const ended = storedAfter(rules, first, samples(1 * minutes, 5));
    const engine = createRuleEngine(rules);
    run(rules, first, engine);
    expect(engine.goOnBehind(ended)).toBeUndefined();
    expect([...engine.open()]).toEqual([]);
    // Nothing is known until the next sample; that is judged as ever, in an episode of its own.
    const watermark = new GatewayScript().watermark(3 * minutes).events;
    expect(run(rules, watermark, engine)).toEqual([]);
    expect(told(run(rules, samples(4 * minutes, 15), engine))).toEqual([
      "firing for_elapsed warning 12:04:00",
    ]);
  });

  it("is gone on with where the rules hold an earlier one open, which the stream says is over", () => {
    for (const rule of [
      warm,
      { ...warm, condition: { expr: { fire: "value > 10.0" } }, severity: "warning" },
    ]) {
      const rules = ruleSet(rule);
      const engine = createRuleEngine(rules);
      const [first] = run(rules, samples(0, 15, 15), engine);
      if (!first) throw new Error("it does not fire");
      // A person cleared the first one, and the next sample began another.
      const stored = storedAfter(rules, samples(20 * s, 15));
      expect(stored.episode).not.toBe(first.episode);

      expect(engine.goOnBehind(stored)).toBeUndefined();

      expect([...engine.open()]).toEqual([stored]);
      const [end] = run(rules, samples(30 * s, 5), engine);
      const { episode, fired_at, started_at } = stored;
      expect(end).toMatchObject({ episode, fired_at, started_at, n: 2, reason: "normal" });
      expect(told(run(rules, samples(40 * s, 15), engine))).toHaveLength(1);
    }
  });

  it("makes way for episodes that start later only", () => {
    const rules = ruleSet(warm);
    const engine = createRuleEngine(rules);
    run(rules, before, engine);
    // The device's clock was ahead in what is lost.
    const ahead = new GatewayScript().sample("f1", 9 * minutes, 15).watermark(9 * minutes);
    const stored = storedAfter(rules, before, ahead.events);
    engine.goOnBehind(stored);
    const [next] = run(rules, samples(2 * minutes, 15), engine);
    expect(next?.started_at).toBe(at(9 * minutes + 1));
  });

  it("fires anew where the device is still silent", () => {
    const rules = ruleSet(silent);
    const engine = createRuleEngine(rules);
    const quiet = new GatewayScript().watermark(70 * s).watermark(80 * s);
    const [stored] = run(rules, [...samples(0, 5), ...quiet.events], engine);
    if (!stored) throw new Error("it is not silent");
    const end: TransitionDraft = { ...stored, n: 2, id: `${stored.episode}.2`, state: "ended" };

    expect(engine.goOnBehind(end)).toBeUndefined();

    const later = run(rules, new GatewayScript().watermark(90 * s).events, engine);
    expect(told(later).map((line) => line.split(" ", 1)[0])).toEqual(["firing"]);
    expect(later[0]?.started_at.localeCompare(stored.started_at)).toBe(1);
  });

  it("fires anew where a missing value fires", () => {
    const rules = ruleSet({ ...warm, hold: "30s", on_missing: "fire" });
    const engine = createRuleEngine(rules);
    const quiet = new GatewayScript().watermark(60 * s);
    const [stored] = run(rules, [...samples(0, 5), ...quiet.events], engine);
    if (!stored) throw new Error("nothing is missing");
    expect(engine.goOnBehind({ ...stored, n: 2, state: "ended" })).toBeUndefined();
    const later = run(rules, new GatewayScript().watermark(70 * s).events, engine);
    expect(later.map(({ reason, state }) => `${state} ${reason}`)).toEqual(["firing no_data"]);
  });

  it("survives a restart of the rules like everything else", () => {
    const rules = ruleSet(warm);
    const stored = storedAfter(rules, before, samples(9 * minutes, 15));
    const engine = createRuleEngine(rules);
    run(rules, before, engine);
    engine.goOnBehind(stored);
    const restored = createRuleEngine(rules, JSON.parse(JSON.stringify(engine.snapshot())));
    const next = samples(2 * minutes, 15, 5);
    expect(run(rules, next, restored)).toEqual(run(rules, next, engine));
  });
});
