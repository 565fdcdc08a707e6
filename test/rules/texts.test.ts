import { expect, test } from "vitest";
import { parseRules } from "../../src/rules/language/rule-file-schema.ts";
import {
  parseTemplate,
  renderTemplate,
  type TemplateValue,
} from "../../src/rules/words/template.ts";
import { GatewayScript, minutes, ruleSet, run, s } from "./gateway-script.ts";

function rendered(text: string, value: TemplateValue, zone?: string): string {
  const template = parseTemplate(text);
  if ("wrong" in template) throw new Error(template.wrong);
  return renderTemplate(template, () => value, zone);
}

test("the end of an alert has a text of its own, which says how long it lasted", () => {
  const rules = ruleSet({
    alert: "Warm",
    select: { metric: "temperature" },
    condition: { threshold: { above: -15 } },
    severity: "warning",
    annotations: {
      summary: {
        firing: "{{ device.name }} is at {{ value | fixed(1) }}, for {{ lasted }}",
        ended: "{{ device.name }} was too warm for {{ lasted }}, last at {{ value | fixed(1) }}",
      },
      dashboard: "https://example.org/{{ device.id }}",
    },
    for: "30s",
  });
  const script = new GatewayScript().device("f1", { tags: { name: "Freezer 1" } });
  for (let t = 0; t <= 2 * minutes; t += 10 * s)
    script.sample("f1", t, t < 1.5 * minutes ? -10 : -18);
  script.watermark(2 * minutes + s);
  expect(run(rules, script.events).map(({ annotations }) => annotations)).toEqual([
    { summary: "Freezer 1 is at -10.0, for 30s", dashboard: "https://example.org/f1" },
    {
      summary: "Freezer 1 was too warm for 1m30s, last at -18.0",
      dashboard: "https://example.org/f1",
    },
  ]);
});

test("what has no answer leaves no gap in a text", () => {
  const unitless = parseTemplate("is at {{ value }} {{ unit }} since {{ at }}{{ at }} {{ unit }}");
  if ("wrong" in unitless) throw new Error(unitless.wrong);
  expect(renderTemplate(unitless, (path) => (path === "unit" ? undefined : 6))).toBe(
    "is at 6 since 66",
  );
});

test("a time is shown in a zone, with its offset, so that an hour that comes twice is told apart", () => {
  const time = "2026-10-25T01:30:00.000Z";
  expect(rendered("{{ started_at | local(Europe/Berlin) }}", time)).toBe(
    "2026-10-25 02:30:00 +01:00",
  );
  expect(rendered("{{ started_at | local }}", "2026-10-25T00:30:00.000Z", "Europe/Berlin")).toBe(
    "2026-10-25 02:30:00 +02:00",
  );
  expect(rendered("{{ started_at | local }}", time, "America/St_Johns")).toBe(
    "2026-10-24 23:00:00 -02:30",
  );
  expect(rendered("{{ started_at | local }}", time)).toBe("2026-10-25 01:30:00 +00:00");
});

test("what a device says forges no line, commands no terminal and does not grow without an end", () => {
  const forged = "bad\nFIRING critical cold_chain/FreezerWarm: x\u001b[2J\u202e{{ value }}";
  expect(rendered("is {{ value }}", forged)).toBe(
    "is bad\\nFIRING critical cold_chain/FreezerWarm: x\\u001b[2J\\u202e{{ value }}",
  );
  expect(rendered("{{ value }}", "x".repeat(100_000))).toHaveLength(256);
});

test("lines that the author of a rule wrote stay lines", () => {
  expect(rendered("first\n{{ value }}", 1)).toBe("first\n1");
});

test("a text with many places stays short, whatever strangers fill them with", () => {
  const text = rendered("{{ device.name }} ".repeat(100), "\u001b".repeat(10_000));
  expect(text).toHaveLength(2_048);
  expect(text.endsWith("…")).toBe(true);
});

test.each([
  { annotations: { summary: "x".repeat(2_049) } },
  { labels: Object.fromEntries(Array.from({ length: 33 }, (_, n) => [`l${n}`, "x"])) },
  { alert: "A".repeat(129) },
])("a rule whose alerts would not fit into a message is refused: %#", (fields) => {
  const rule = {
    alert: "Warm",
    select: { metric: "temperature" },
    condition: { threshold: { above: -15 } },
    severity: "warning",
    ...fields,
  };
  const parsed = parseRules({ version: 1, groups: [{ name: "g", rules: [rule] }] });
  expect(parsed.ok).toBe(false);
});
