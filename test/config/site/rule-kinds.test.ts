/** Conditions of all kinds, held against what the rest of the site says. */
import { describe, expect, it } from "vitest";
import { compareFaults } from "../../../src/config/located-fault.ts";
import { type LoadResult, loadSite } from "../../../src/config/site/load-site.ts";
import { freezerProfile, freezerRules, memorySite, siteText } from "../../support/memory-site.ts";

const doorProfile = freezerProfile
  .replaceAll("acme/fz-200", "acme/door")
  .replace("acme/{device}/state", "door/{device}/state")
  .replace("acme/f1/state", "door/f1/state")
  .replace("unit: Cel", "type: boolean")
  .replace("name: temperature", "name: open")
  .replace("t: -18", "t: true")
  .replace("temperature: -18", "open: true");
const site = `${siteText.replace("acme/fz-200 }", "acme/fz-200, interval: 5m }")}  - { id: door-1, profile: acme/door }
notify: { receivers: { plant_mail: { kind: log } } }
`;

function load(...rules: string[]): Promise<LoadResult> {
  const lines = rules.map((rule) => `      - { ${rule} }\n`).join("");
  return loadSite(
    "sluicegate.yaml",
    memorySite({
      "sluicegate.yaml": site,
      "/shipped/acme/door.yaml": doorProfile,
      "rules/cold.yaml": `version: 1\ngroups:\n  - name: cold\n    rules:\n${lines}`,
    }),
  );
}

/** `severity code hint` of everything that is found. */
async function check(...rules: string[]): Promise<string[]> {
  const { faults } = await load(...rules);
  return faults
    .toSorted(compareFaults)
    .map(({ code, hint, severity = "error" }) => `${severity} ${code} ${hint}`);
}

const warm = "severity: warning, condition: { threshold: { above: 5 } }";
const about = (metric: string, condition: string): string =>
  `alert: A, select: { metric: ${metric} }, severity: info, condition: { ${condition} }`;

describe("names in a rule that nothing has", () => {
  it.each([
    [
      "a metric of an expression",
      'alert: A, select: {}, severity: info, condition: { expr: { fire: "m.open && m.temperatur > 8" } }',
      "metric did you mean temperature?",
    ],
    [
      "a metric whose age is asked for",
      `alert: A, select: {}, severity: info, condition: { expr: { fire: 'm.open && age("opne") > 60' } }`,
      "metric did you mean open?",
    ],
    [
      "what a series is made of",
      "record: mean, select: { metric: temperatur }, agg: avg, every: 1h",
      "metric did you mean temperature?",
    ],
    [
      "an alert that explains it",
      `alert: A, select: { metric: temperature }, ${warm}, suppressed_by: [{ alert: GatewayOfline, equal: [gateway] }]`,
      "alert did you mean GatewayOffline?",
    ],
    [
      "a receiver",
      `alert: A, select: { metric: temperature }, ${warm}, notify: [plant_mial]`,
      "receiver did you mean plant_mail?",
    ],
  ])("are warned of: %s", async (_, rule, expected) => {
    expect(await check(rule)).toEqual([`warning rule.unknown-${expected}`]);
  });

  it("are right where a rule of any file raises the alert, or makes the series", async () => {
    expect(
      await check(
        `alert: A, select: { metric: mean }, ${warm}, suppressed_by: [{ alert: B, equal: [device] }, { alert: cold/B, equal: [device] }, { alert: sluicegate/DataLost, equal: [gateway] }], notify: [plant_mail]`,
        `alert: B, select: { metric: temperature }, ${warm}`,
        "record: mean, select: { metric: temperature }, agg: avg, every: 1h",
      ),
    ).toEqual([]);
  });
});

describe("what is about numbers", () => {
  it.each([
    "rate: { above: 1 }",
    "window: { agg: avg, over: 1h, above: 1 }",
    "anomaly: { method: ewma }",
  ])("is an error where the metric is true or false: %s", async (condition) => {
    expect(await check(about("open", condition))).toEqual([
      "error rule.wrong-limit compare it with threshold, or count it with window and agg: count",
    ]);
  });

  it.each([
    "stuck: { longer_than: 1d }",
    'window: { agg: count, over: 1h, above: 3, matching: "value" }',
  ])("is not: %s", async (condition) => {
    expect(await check(about("open", condition))).toEqual([]);
  });
});

describe("a time that is shorter than the one between two samples", () => {
  it.each([
    "absent: { longer_than: 2m }",
    "stuck: { longer_than: 4m }",
    "rate: { above: 1, over: 3m }",
    "window: { agg: avg, over: 1m, above: 1 }",
  ])("is a warning: %s", async (condition) => {
    expect(await check(about("temperature", condition))).toEqual([
      "warning rule.span-too-short write 10m or more",
    ]);
  });

  it.each([
    about("temperature", "absent: { longer_than: 15m }"),
    about("temperature", "stuck: { samples: 5 }"),
    // A door reports on change: nobody knows when the next one comes.
    about("open", "absent: { longer_than: 1m }"),
  ])("is none: %s", async (rule) => {
    expect(await check(rule)).toEqual([]);
  });

  it("is a warning as the hold of what an expression compares", async () => {
    const expr = 'condition: { expr: { fire: "m.temperature > 8" } }, for: 10m, hold: 1m';
    expect(await check(`alert: A, select: {}, severity: info, ${expr}`)).toEqual([
      "warning rule.hold-too-short leave hold out, or make it as long as for",
    ]);
  });
});

describe("rule files with faults", () => {
  it("count for nothing, and the site is there with the others", async () => {
    const result = await loadSite(
      "sluicegate.yaml",
      memorySite({
        "rules/cold.yaml": freezerRules.replace("above", "abov"),
        "rules/hot.yaml": freezerRules.replace("name: cold", "name: hot"),
      }),
    );
    expect(result.ok).toBe(false);
    expect(result.site?.rules.groups.map(({ name }) => name)).toEqual(["hot"]);
    expect(new Set(result.site?.rules.faults.map(({ file }) => file))).toEqual(
      new Set(["rules/cold.yaml"]),
    );
  });

  it("are of no help where something else is wrong as well", async () => {
    const result = await loadSite(
      "sluicegate.yaml",
      memorySite({
        "sluicegate.yaml": `${siteText}bufer: {}\n`,
        "rules/cold.yaml": freezerRules.replace("above", "abov"),
      }),
    );
    expect(result.site).toBeUndefined();
  });

  it("are those that make a series of itself, and one that is made twice", async () => {
    const made = (record: string, metric: string): string =>
      `record: ${record}, select: { metric: ${metric} }, agg: avg, every: 1h`;
    expect(await check(made("a", "b"), made("b", "a"))).toEqual([
      "error rule.record-cycle make one of them of what devices send",
    ]);
    expect(await check(made("a", "temperature"), made("a", "temperature"))).toEqual([
      "error rule.duplicate-record names of series are unique over all files; rename one",
    ]);
  });
});
