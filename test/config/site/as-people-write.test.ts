/** Mistakes that people make in rules, each with the word that helps. */
import { expect, it } from "vitest";
import { compareFaults } from "../../../src/config/located-fault.ts";
import { loadSite } from "../../../src/config/site/load-site.ts";
import { freezerRules, memorySite } from "../../support/memory-site.ts";

const condition = "condition: { threshold: { above: -15 } }";

/** What stands in the rule, what a person wrote in its place, and one of the hints. */
const mistakes: readonly (readonly [right: string, written: string, hint: string])[] = [
  ["above: -15", 'above: "-15"', "write -15, without quotes"],
  ["above: -15", 'above: "> 8"', "write 8, a number alone"],
  ["above: -15", "above: -15°C", "write -15, a number alone"],
  ["above: -15", 'above: "-15,5"', "write -15.5, a number alone"],
  ["above: -15", "above: −15", "write -15, a number alone"],
  ["above: -15", "above: “-15”", "write -15, a number alone"],
  ["above: -15", "above: { attribute: max, default: 1 }", "did you mean attr?"],
  ["for: 10m", "for: 5min", "write 5m"],
  ["for: 10m", "for: 00:10:00", "write 10m"],
  ["for: 10m", "for: 00:00:45", "write 45s"],
  ["for: 10m", "for: 300", "write 300m or 300s"],
  ["for: 10m", "for: { minutes: 10 }", "write it as a text, such as 15m"],
  ["for: 10m", "keep_firing: 5m", "did you mean keep_firing_for?"],
  ["for: 10m", "on_error: fire", "it stands in condition.expr"],
  ["for: 10m", "above: 5", "it stands in condition.threshold"],
  ["for: 10m", "latch: on", "write true or false, without quotes"],
  ["for: 10m", "flapping: false", "write off"],
  ["for: 10m", "notify: mail", "write [mail]"],
  ["for: 10m", "suppressed_by: GatewayOffline", "each entry has fields: alert, equal"],
  ["for: 10m", "labels: { floor: 3 }", 'put it in quotes: "3"'],
  ["for: 10m", "annotations: { summary: {{ value }} }", "put a text with {{ }} in quotes"],
  ["for: 10m", 'annotations: { summary: "{{ $value }}" }', "write {{ value }}"],
  ["for: 10m", 'annotations: { summary: "{{ $labels.device }}" }', "write {{ device.id }}"],
  [
    "for: 10m",
    "annotations: { summary: Freezer: warm }",
    "quote a text with a colon in it, or look at how the lines are indented",
  ],
  ["for: 10m", "description: {{ value }} is warm", "quote a text that begins with { or ["],
  ["for: 10m", "for: *ten", "quote a text that begins with *"],
  ["severity: warning", "severity: Warning", "did you mean warning?"],
  ["severity: warning", "severty: warning", "did you mean severity?"],
  [
    condition,
    "expr: temperature > -15",
    "its fields: threshold, expr, absent, rate, stuck, anomaly, window",
  ],
  [condition, "expr: temperature > -15", "it stands in condition"],
  [
    condition,
    'condition: "temperature > -15"',
    "its fields: threshold, expr, absent, rate, stuck, anomaly, window",
  ],
  [condition, "condition: { absent: 10m }", "its fields: longer_than, intervals, of"],
  [condition, "condition: { treshold: { above: 5 } }", "did you mean threshold?"],
  [
    condition,
    "condition: { threshold: { gt: 5 } }",
    "write one of above, below, outside, inside, equals, not_equals",
  ],
  [condition, "condition: { expr: { fire: 'm.temperature = 4.0' } }", "equality is written =="],
];

it.each(mistakes)("in place of %s: %s", async (right, written, hint) => {
  expect(freezerRules).toContain(right);
  const rules = freezerRules.replace(right, () => written);
  const { faults } = await loadSite("sluicegate.yaml", memorySite({ "rules/cold.yaml": rules }));
  expect(faults.toSorted(compareFaults).map((fault) => fault.hint)).toContain(hint);
});

it("says nothing where several numbers may be meant", async () => {
  const rules = freezerRules.replace("above: -15", 'above: "1,500"');
  const { faults } = await loadSite("sluicegate.yaml", memorySite({ "rules/cold.yaml": rules }));
  expect(faults.map(({ hint }) => hint)).toEqual([undefined]);
});
