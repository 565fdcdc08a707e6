import { describe, expect, it } from "vitest";
import { createRuleEngine } from "../../src/rules/engine.ts";
import {
  at,
  GatewayScript,
  minutes,
  ruleSet,
  run,
  runWithRestarts,
  s,
  told,
} from "./gateway-script.ts";

const drop = {
  alert: "PressureDrop",
  select: { metric: "temperature" },
  condition: { rate: { below: -0.3, per: "1m", over: "3m" } },
  severity: "critical",
};

/** A sample every ten seconds with its watermark; undefined for none. */
function series(values: readonly (number | undefined)[], everyMs = 10 * s): GatewayScript {
  const script = new GatewayScript().device("d");
  for (const [index, value] of values.entries()) {
    if (value !== undefined) script.sample("d", index * everyMs, value);
    script.watermark(index * everyMs);
  }
  return script;
}

/** What is told, which restarts of the engine do not change. */
function transitions(rule: object, script: GatewayScript) {
  const rules = ruleSet(rule);
  const drafts = run(rules, script.events);
  expect(runWithRestarts(rules, script.events)).toEqual(drafts);
  return drafts;
}

const ramp = (from: number, step: number, count: number): number[] =>
  Array.from({ length: count }, (_, n) => Number((from + step * n).toFixed(6)));

/** Of the line through the samples of one each ten seconds, up to `last` and so many before it. */
function slopePerMinute(values: readonly number[], last: number, before: number): number {
  const from = Math.max(0, last - before);
  const seen = values.slice(from, last + 1);
  const meanT = seen.reduce((sum, _, n) => sum + n, 0) / seen.length;
  const mean = seen.reduce((sum, value) => sum + value, 0) / seen.length;
  const products = seen.reduce((sum, value, n) => sum + (n - meanT) * (value - mean), 0);
  const squares = seen.reduce((sum, _, n) => sum + (n - meanT) ** 2, 0);
  return seen.length < 3 ? Number.NaN : (products / squares) * 6;
}

describe("a rate", () => {
  it("fires at the first sample whose line is too steep, and ends when it is not any more", () => {
    const values = [...ramp(7, 0, 30), ...ramp(7, -0.1, 18), ...ramp(5.2, 0, 30)];
    const isSteep = values.map((_, n) => slopePerMinute(values, n, 18) < -0.3 - 1e-9);
    const from = isSteep.indexOf(true);
    const to = isSteep.indexOf(false, from);
    const drafts = transitions(drop, series(values));
    expect(drafts.map(({ at: moment }) => moment)).toEqual([at(from * 10 * s), at(to * 10 * s)]);
    expect(drafts.map(({ state }) => state)).toEqual(["firing", "ended"]);
    expect(drafts[0]).toMatchObject({ unit: "Cel/min", limit: -0.3 });
    expect(drafts[0]?.value).toBeCloseTo(slopePerMinute(values, from, 18), 9);
  });

  it("at exactly its limit does not fire", () => {
    expect(transitions(drop, series(ramp(7, -0.05, 60)))).toEqual([]);
  });

  it("is unknown until there are three samples, and when the newest is older than the window", () => {
    const rules = ruleSet({ ...drop, hold: "10m" });
    const engine = createRuleEngine(rules);
    run(rules, series([7, 6]).events, engine);
    expect(engine.explain("PressureDrop", "d")[0]?.reasons[0]).toContain("no usable value");
    const more = new GatewayScript().sample("d", 20 * s, 5).watermark(20 * s);
    const drafts = run(rules, more.events, engine);
    expect(told(drafts)).toEqual(["firing for_elapsed critical 12:00:20"]);
    expect(drafts[0]?.value).toBe(-6);
    run(rules, new GatewayScript().watermark(4 * minutes).events, engine);
    expect(engine.explain("PressureDrop", "d")[0]?.reasons[0]).toContain("cannot be judged");
  });
});
