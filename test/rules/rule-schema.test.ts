import { describe, expect, it } from "vitest";
import { parseRules } from "../../src/rules/language/rule-file-schema.ts";
import { buildRuleSet } from "../../src/rules/rule-set.ts";

const warm = {
  alert: "Warm",
  select: { metric: "temperature" },
  condition: { threshold: { above: -15 } },
  severity: "warning",
};
const silent = {
  alert: "Silent",
  select: {},
  condition: { absent: { longer_than: "1m" } },
  severity: "warning",
};
const level = (severity: string, above: number) => ({ severity, above });

/** The faults of a file with this one rule: `path code message`, the path within the rule. */
function faultsOf(rule: object): string[] {
  const parsed = parseRules({ version: 1, groups: [{ name: "g", rules: [rule] }] });
  if (parsed.ok) return [];
  return parsed.faults.map(
    ({ code, path, message }) => `${path.slice(4).join(".")} ${code} ${message}`,
  );
}

describe("a rule file", () => {
  it("fills in every default", () => {
    const parsed = parseRules({ version: 1, groups: [{ name: "g", rules: [warm, silent] }] });
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        groups: [
          {
            name: "g",
            labels: {},
            zone: "UTC",
            rules: [
              {
                alert: "Warm",
                enabled: true,
                select: { metric: "temperature", tags: {} },
                condition: {
                  kind: "threshold",
                  metric: "temperature",
                  levels: [
                    {
                      severity: "warning",
                      forMs: 0,
                      limit: { kind: "above", bound: -15 },
                      deadband: 0,
                    },
                  ],
                },
                keepFiringForMs: 0,
                holdMs: undefined,
                onMissing: "keep",
                quality: ["good"],
              },
              { condition: { kind: "absent", longerThanMs: 60_000, of: undefined, forMs: 0 } },
            ],
          },
        ],
      },
    });
  });

  it.each([
    [{ ...warm, for: "10 minutes" }, 'for rule.bad-duration "10 minutes" is not a duration'],
    [
      { ...warm, keep_fireing_for: "1m" },
      'keep_fireing_for rule.unknown-field unknown field "keep_fireing_for"',
    ],
    [{ ...warm, runbook_url: "wiki" }, "runbook_url rule.bad-value is no address of a page"],
    [{ ...warm, renotify_every: "1s" }, "renotify_every rule.bad-value is out of range"],
    [
      { ...warm, flapping: { changes: 1 } },
      "flapping.changes rule.out-of-range must be at least 3",
    ],
    [
      { ...warm, suppressed_by: [{ alert: "Gateway offline", equal: ["gateway"] }] },
      "suppressed_by.0.alert rule.bad-value is not a name of an alert",
    ],
    [
      { ...warm, suppressed_by: [{ alert: "Offline" }] },
      'suppressed_by.0.equal rule.missing-field missing field "equal"',
    ],
    [
      { ...warm, annotations: { summary: { firing: "x" } } },
      'annotations.summary.ended rule.missing-field missing field "ended"',
    ],
    [
      { ...warm, annotations: { summary: "{{ value | local }}" } },
      'annotations.summary rule.bad-value "{{ value | local }}" is no time',
    ],
    [
      { ...warm, annotations: { summary: "{{ started_at | local(Berlin) }}" } },
      'annotations.summary rule.bad-value "{{ started_at | local(Berlin) }}" names no zone',
    ],
    [{ ...warm, per: "site" }, "per rule.bad-value per: site is for window"],
    [
      { ...warm, severity: "bad" },
      'severity rule.unknown-value "bad" is not one of info, warning, critical',
    ],
    [{ ...warm, severity: undefined }, 'severity rule.bad-value missing field "severity"'],
    [{ ...warm, select: {} }, "select.metric rule.bad-value a threshold is about one metric"],
    [
      { ...warm, select: { metric: "temp*" } },
      "select.metric rule.bad-value a rule is about one metric",
    ],
    [
      { ...warm, condition: { threshold: {} } },
      "condition.threshold rule.bad-value no limit is given",
    ],
    [
      { ...warm, condition: { threshold: { above: 1, below: 0 } } },
      "condition.threshold.below rule.bad-value above and below exclude each other",
    ],
    [
      { ...warm, condition: { threshold: { outside: [5, 1] } } },
      "condition.threshold.outside rule.bad-value the range is upside down",
    ],
    [
      { ...warm, condition: { threshold: { outside: [1, 5], deadband: 3 } } },
      "condition.threshold.deadband rule.bad-value no value would ever be normal again",
    ],
    [
      { ...warm, condition: { threshold: { equals: true, deadband: 3 } } },
      "condition.threshold.deadband rule.bad-value equals has no deadband",
    ],
    [
      { ...warm, condition: { threshold: { above: 1 }, absent: { longer_than: "1m" } } },
      "condition rule.bad-value a rule has exactly one condition",
    ],
    [
      { ...warm, severity: undefined, condition: { threshold: { levels: [] } } },
      "condition.threshold.levels rule.out-of-range must have at least 1 entry",
    ],
    [
      {
        ...warm,
        severity: undefined,
        condition: { threshold: { levels: [level("critical", 1), level("warning", 2)] } },
      },
      "condition.threshold.levels.1.severity rule.bad-value levels go from mild to severe",
    ],
    [
      {
        ...warm,
        severity: undefined,
        condition: { threshold: { levels: [level("warning", 2), level("critical", 1)] } },
      },
      "condition.threshold.levels.1.above rule.bad-value a more severe level needs a stricter limit",
    ],
    [
      { ...warm, condition: { threshold: { levels: [level("warning", 2)] } } },
      "severity rule.bad-value the levels say how severe it is",
    ],
    [{ ...silent, hold: "1m" }, "hold rule.bad-value absent looks at no values, so it has no hold"],
    [
      { ...silent, on_missing: "fire" },
      "on_missing rule.bad-value absent looks at no values, so it has no on_missing",
    ],
    [
      { ...warm, labels: { device: "x" } },
      "labels.device rule.bad-value is a label that every alert has by itself",
    ],
    [
      { ...warm, labels: { a: "{{ value }}" } },
      'labels.a rule.bad-template "{{ value }}" cannot stand here: a label may not change while an alert lasts',
    ],
    [
      { ...warm, annotations: { a: "{{ device.nam }}" } },
      'annotations.a rule.bad-template "{{ device.nam }}" cannot stand here: nothing is called that',
    ],
    [
      { ...warm, annotations: { a: "{{ value | local }}" } },
      'annotations.a rule.bad-value "{{ value | local }}" is no time',
    ],
    [
      { ...warm, annotations: { a: "{{ value" } },
      'annotations.a rule.bad-value "{{" is never closed',
    ],
  ])("refuses in words: %j", (rule, fault) => {
    expect(faultsOf(rule)).toEqual([fault]);
  });

  it("refuses a gateway's rule over a site, of whose other gateways it knows nothing", () => {
    expect(faultsOf({ ...warm, evaluate: "edge", per: "site" })).toContain(
      "evaluate rule.bad-value a gateway knows nothing of the others at its site",
    );
  });

  it("finds the faults of all rules at once", () => {
    const rules = [
      { ...warm, for: "x" },
      { ...silent, hold: "1m" },
    ];
    const parsed = parseRules({ version: 1, groups: [{ name: "g", rules }] });
    expect(parsed.ok || parsed.faults.map(({ path }) => path)).toEqual([
      ["groups", 0, "rules", 0, "for"],
      ["groups", 0, "rules", 1, "hold"],
    ]);
  });

  it("refuses the same alert twice in a group, and the same group twice", () => {
    const group = { name: "g", rules: [warm] };
    expect(parseRules({ version: 1, groups: [{ name: "g", rules: [warm, warm] }] })).toMatchObject({
      faults: [{ path: ["groups", 0, "rules", 1, "alert"] }],
    });
    expect(parseRules({ version: 1, groups: [group, group] })).toMatchObject({
      faults: [{ path: ["groups", 1, "name"] }],
    });
  });

  it("takes anything at all without throwing", () => {
    for (const value of [
      null,
      undefined,
      1,
      "x",
      [],
      {},
      { version: 2 },
      { version: 1, groups: 1 },
    ])
      expect(parseRules(value).ok).toBe(false);
  });
});

describe("a rule set", () => {
  const file = (name: string, rule: object) => {
    const parsed = parseRules({ version: 1, groups: [{ name, rules: [rule] }] });
    if (!parsed.ok) throw new Error("faults");
    return parsed.value;
  };
  const revOf = (rule: object): string | undefined => {
    const built = buildRuleSet([file("g", rule)]);
    return built.ok ? built.value.rules[0]?.rev : undefined;
  };

  it("joins files, and says which one has a group that is there already", () => {
    expect(buildRuleSet([file("a", warm), file("b", warm)])).toMatchObject({
      ok: true,
      value: { rules: [{ id: "a/Warm" }, { id: "b/Warm" }] },
    });
    expect(buildRuleSet([file("a", warm), file("a", silent)])).toMatchObject({
      ok: false,
      faults: [{ code: "rule.duplicate-group", path: [1, "groups", 0, "name"] }],
    });
  });

  it("leaves out what is not enabled", () => {
    expect(buildRuleSet([file("a", { ...warm, enabled: false })])).toMatchObject({
      value: { rules: [] },
    });
  });

  it.each([
    ["for", { for: "1m" }],
    ["keep_firing_for", { keep_firing_for: "1m" }],
    ["hold", { hold: "1m" }],
    ["on_missing", { on_missing: "fire" }],
    ["quality", { quality: ["good", "bad"] }],
    ["select", { select: { metric: "temperature", tags: { a: "b" } } }],
    ["condition", { condition: { threshold: { above: -14 } } }],
    ["deadband", { condition: { threshold: { above: -15, deadband: 1 } } }],
  ])("has another revision for another %s", (_, change) => {
    expect(revOf({ ...warm, ...change })).not.toBe(revOf(warm));
  });

  it.each([
    ["severity", { severity: "critical" }],
    ["labels", { labels: { a: "b" } }],
    ["annotations", { annotations: { a: "b" } }],
    ["description", { description: "x" }],
  ])("has the same revision for another %s", (_, change) => {
    expect(revOf({ ...warm, ...change })).toBe(revOf(warm));
  });

  it("lets a rule's own labels win over its group's", () => {
    const parsed = parseRules({
      version: 1,
      groups: [
        {
          name: "g",
          labels: { a: "group", b: "group" },
          rules: [{ ...warm, labels: { a: "rule" } }],
        },
      ],
    });
    const built = parsed.ok ? buildRuleSet([parsed.value]) : parsed;
    expect(built).toMatchObject({
      value: { rules: [{ labels: { a: { text: "rule" }, b: { text: "group" } } }] },
    });
  });
});
