import { describe, expect, test } from "vitest";
import { createRuleEngine } from "../../src/rules/engine.ts";
import { parseRules } from "../../src/rules/language/rule-file-schema.ts";
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

const overload = {
  alert: "PhaseOverload",
  select: {},
  condition: {
    expr: {
      fire: 'm.mode == "run" && (m.i1 > 63.0 || m.i2 > 63.0 || m.i3 > 63.0)',
      clear: "m.i1 < 58.0 && m.i2 < 58.0 && m.i3 < 58.0",
    },
  },
  for: "30s",
  severity: "warning",
};

/** Values of metrics at a second; each metric is a message of its own. */
function script(
  rows: readonly (readonly [number, Record<string, number | string | boolean>])[],
  endS: number,
) {
  const metrics = ["mode", "i1", "i2", "i3", "a", "b", "door"];
  const made = new GatewayScript().device("d", { metrics });
  let atS = 0;
  const mark = (toS: number): void => {
    for (; atS <= toS; atS += 5) made.watermark(atS * s + 1);
  };
  for (const [second, values] of rows) {
    mark(second - 1);
    for (const [metric, value] of Object.entries(values))
      made.sample("d", second * s, value, { metric });
  }
  mark(endS);
  return made.events;
}

function play(rule: object, rows: Parameters<typeof script>[0], endS: number): string[] {
  const rules = ruleSet(rule);
  const events = script(rows, endS);
  const drafts = run(rules, events);
  expect(runWithRestarts(rules, events)).toEqual(drafts);
  return told(drafts);
}

const every = (fromS: number, toS: number, values: Record<string, number | string | boolean>) =>
  Array.from({ length: (toS - fromS) / 10 }, (_, index) => [fromS + index * 10, values] as const);

describe("texts of an expression", () => {
  const summary = { firing: "{{ m.a | fixed(1) }} A in {{ m.mode }}", ended: "{{ m.a }} A" };
  const rule = {
    ...overload,
    condition: { expr: { fire: 'm.a > 1.0 && m.mode == "run"' } },
    for: "0s",
    annotations: { summary },
  };

  test("name the last values of its metrics", () => {
    const events = script(
      [
        [0, { mode: "run", a: 2 }],
        [10, { a: 0.5 }],
      ],
      20,
    );
    expect(run(ruleSet(rule), events).map(({ annotations }) => annotations["summary"])).toEqual([
      "2.0 A in run",
      "0.5 A",
    ]);
  });

  test.each([
    ["another metric", { ...rule, annotations: { summary: "{{ m.b }}" } }, "use m.a, m.mode"],
    [
      "a rule of one metric",
      { ...rule, select: { metric: "a" }, condition: { threshold: { above: 1 } } },
      "write {{ value }}",
    ],
    ["a label", { ...rule, annotations: {}, labels: { x: "{{ m.a }}" } }, "a label may not change"],
  ])("are refused where they name what is not asked for: %s", (_, wrong, words) => {
    const parsed = parseRules({ version: 1, groups: [{ name: "g", rules: [wrong] }] });
    expect(parsed.ok || JSON.stringify(parsed.faults)).toContain(words);
  });
});

describe("an expression that was edited", () => {
  const both = { ...overload, for: "0s", condition: { expr: { fire: "m.a > 1.0" } } };
  const values = { a: 2, b: 7 };

  function edited(before: object, after: object, endS: number): string[] {
    const events = script([[0, values]], endS);
    const cut = Math.floor(events.length / 2);
    const drafts = run(ruleSet(before), events.slice(0, cut));
    const engine = createRuleEngine(ruleSet(before));
    run(ruleSet(before), events.slice(0, cut), engine);
    const goesOn = createRuleEngine(ruleSet(after), JSON.parse(JSON.stringify(engine.snapshot())));
    return told([...drafts, ...run(ruleSet(after), events.slice(cut), goesOn)]);
  }

  test("judges the value of a metric that is new to it and still holds", () => {
    const calm = { ...both, condition: { expr: { fire: "m.a > 1.0 && m.b > 9.0" } } };
    expect(edited(both, calm, 20)).toEqual([
      "firing for_elapsed warning 12:00:00",
      "ended rule_changed warning 12:00:00.001",
    ]);
    const goesOn = { ...both, condition: { expr: { fire: "m.a > 1.0 && m.b > 5.0" } } };
    expect(edited(both, goesOn, 20)).toEqual(["firing for_elapsed warning 12:00:00"]);
  });

  test("decides anew about what is missing already", () => {
    expect(edited(both, { ...both, on_missing: "resolve" }, 100)).toEqual([
      "firing for_elapsed warning 12:00:00",
      "firing stale warning 12:00:30",
      "ended no_data warning 12:00:30",
    ]);
    const calm = { ...both, condition: { expr: { fire: "m.a > 5.0" } }, on_missing: "fire" };
    expect(edited(calm, { ...calm, on_missing: "keep" }, 100)).toEqual([
      "firing no_data warning 12:00:30",
      "ended rule_changed warning 12:00:40.001",
    ]);
  });

  test("says that it was edited also after a restart", () => {
    const events = script([[0, values]], 200);
    const calm = {
      ...both,
      condition: { expr: { fire: "m.a > 5.0" } },
      keep_firing_for: "10s",
    };
    const engine = createRuleEngine(ruleSet(both));
    run(ruleSet(both), events.slice(0, 5), engine);
    let saved = JSON.stringify(engine.snapshot());
    const drafts = events.slice(5).flatMap((event) => {
      const next = createRuleEngine(ruleSet(calm), JSON.parse(saved));
      const found = [...next.feed(event)];
      saved = JSON.stringify(next.snapshot());
      return found;
    });
    expect(drafts.map(({ reason }) => reason)).toEqual(["rule_changed"]);
  });
});

describe("an expression over several metrics", () => {
  test("fires where one of three phases is over its limit while the machine runs, and ends when all are well below", () => {
    const rows = [
      ...every(0, 60, { mode: "run", i1: 50, i2: 64, i3: 50 }),
      ...every(60, 90, { mode: "run", i1: 50, i2: 60, i3: 50 }),
      ...every(90, 120, { mode: "run", i1: 50, i2: 57, i3: 50 }),
    ];
    expect(play(overload, rows, 120)).toEqual([
      "firing for_elapsed warning 12:00:30",
      "ended normal warning 12:01:30",
    ]);
  });

  test("is true where one side is, though the other never came", () => {
    const rule = { ...overload, for: "0s", condition: { expr: { fire: "m.a > 1 || m.b > 1" } } };
    expect(play(rule, every(10, 40, { a: 2 }), 40)).toEqual([
      "firing for_elapsed warning 12:00:10",
    ]);
    expect(play(rule, every(10, 40, { a: 1 }), 40)).toEqual([]);
  });

  test("judges what was said at one moment together", () => {
    const rule = { ...overload, for: "0s", condition: { expr: { fire: "m.a == m.b" } } };
    const rows = [
      [10, { a: 1, b: 2 }],
      [20, { a: 2, b: 1 }],
      [30, { a: 1, b: 2 }],
    ] as const;
    expect(play(rule, rows, 40)).toEqual([]);
  });

  test("keeps firing where a metric that matters runs out of its hold, and ends when that is back and normal", () => {
    const rule = { ...overload, for: "0s", condition: { expr: { fire: "m.a > 1 && m.b > 1" } } };
    const rows = [
      ...every(0, 30, { a: 2, b: 2 }),
      ...every(30, 120, { a: 2 }),
      [120, { a: 2, b: 0 }] as const,
    ];
    expect(play(rule, rows, 130)).toEqual([
      "firing for_elapsed warning 12:00:00",
      "firing stale warning 12:00:50",
      "ended normal warning 12:02:00",
    ]);
  });

  test("counts the age of a metric to the moment", () => {
    const rule = {
      ...overload,
      for: "0s",
      condition: { expr: { fire: 'age("b") > 60 && m.a > 1' } },
    };
    const rows = [[0, { a: 2, b: 1 }] as const, ...every(10, 120, { a: 2 })];
    expect(play(rule, rows, 120)).toEqual(["firing for_elapsed warning 12:01:00.001"]);
  });

  test("that fails is unknown, says so, and leaves other devices alone", () => {
    const rules = ruleSet({ ...overload, for: "0s", condition: { expr: { fire: "m.a > 1" } } });
    const made = new GatewayScript()
      .device("text", { metrics: ["a"] })
      .device("number", { metrics: ["a"] })
      .sample("text", 10 * s, "unavailable", { metric: "a" })
      .sample("number", 10 * s, 2, { metric: "a" })
      .watermark(11 * s);
    const engine = createRuleEngine(rules);
    expect(run(rules, made.events, engine).map(({ labels }) => labels["device"])).toEqual([
      "number",
    ]);
    expect(engine.explain("PhaseOverload", "text")[0]?.reasons).toContain(
      "failed 1 time, last: no such overload: dyn<string> > int, at character 1",
    );
    const again = new GatewayScript()
      .sample("text", 20 * s, "on", { metric: "a" })
      .watermark(21 * s);
    run(rules, again.events, engine);
    const restored = createRuleEngine(rules, JSON.parse(JSON.stringify(engine.snapshot())));
    expect(restored.failingRules()).toEqual([
      {
        site: "plant-a",
        gateway: "gw1",
        rule: "g/PhaseOverload",
        failures: 2,
        device: "text",
        error: "no such overload: dyn<string> > int, at character 1",
        at: at(20 * s),
      },
    ]);
  });

  test("that fails counts as a breach where the rule says so", () => {
    const expr = { fire: "m.a / m.b > 2", on_error: "fire" };
    const rule = { ...overload, for: "0s", condition: { expr } };
    const rows = [[10, { a: 1, b: 0 }] as const, [20, { a: 1, b: 1 }] as const];
    expect(play(rule, rows, 30)).toEqual([
      "firing for_elapsed warning 12:00:10",
      "ended normal warning 12:00:20",
    ]);
  });

  test("ends without data where the rule resolves what is missing, and fires where it says fire", () => {
    const base = { ...overload, for: "0s", condition: { expr: { fire: "m.a > 1" } } };
    const rows = [[10, { a: 2 }] as const, ...every(20, 60, { b: 1 })];
    expect(play({ ...base, on_missing: "resolve" }, rows, 90)).toEqual([
      "firing for_elapsed warning 12:00:10",
      "ended no_data warning 12:00:40",
    ]);
    const normal = [[10, { a: 0 }] as const, ...every(20, 60, { b: 1 })];
    expect(play({ ...base, on_missing: "fire" }, normal, 90)).toEqual([
      "firing no_data warning 12:00:40",
    ]);
  });

  test("forgets a breach that nobody can answer for", () => {
    const rule = { ...overload, for: "5m", condition: { expr: { fire: "m.a > 1" } } };
    const rows = [[10, { a: 2 }] as const, [20, { a: 2 }] as const];
    expect(play(rule, rows, (20 * minutes) / s)).toEqual([]);
  });
});
