import { expect, test } from "vitest";
import { parseRules } from "../../src/rules/language/rule-file-schema.ts";
import { at, GatewayScript, ruleSet, run, s } from "./gateway-script.ts";

const warm = {
  alert: "Warm",
  select: { metric: "temperature" },
  condition: { threshold: { above: -15 } },
  severity: "warning",
};

test("of the selected devices only those are watched for which where holds", () => {
  const rules = ruleSet({ ...warm, where: 'device.attrs.floor > 3 && device.tags.line == "a"' });
  const script = new GatewayScript()
    .device("high", { attrs: { floor: 4 }, tags: { line: "a" } })
    .device("low", { attrs: { floor: 3 }, tags: { line: "a" } })
    .device("nowhere", { tags: { line: "a" } })
    .device("text", { attrs: { floor: "4" }, tags: { line: "a" } });
  for (const device of ["high", "low", "nowhere", "text", "untold"])
    script.sample(device, 10 * s, -10);
  script.watermark(11 * s);
  expect(run(rules, script.events).map(({ labels }) => labels["device"])).toEqual(["high"]);
});

test("where is asked again when the device's record changes", () => {
  const rules = ruleSet({ ...warm, where: "device.attrs.in_use == true" });
  const script = new GatewayScript()
    .device("f1", { attrs: { in_use: false } })
    .sample("f1", 10 * s, -10)
    .watermark(11 * s)
    .device("f1", { attrs: { in_use: true } }, 12 * s)
    .watermark(13 * s)
    .device("f1", { attrs: { in_use: false } }, 14 * s)
    .watermark(15 * s);
  expect(run(rules, script.events).map(({ state, reason, at: t }) => [state, reason, t])).toEqual([
    ["firing", "for_elapsed", at(11 * s)],
    ["ended", "rule_removed", at(15 * s)],
  ]);
});

test("what is wrong with an expression is told with its place in it and what was meant", () => {
  const faultOf = (where: string): unknown => {
    const parsed = parseRules({ version: 1, groups: [{ name: "g", rules: [{ ...warm, where }] }] });
    const [fault] = parsed.ok ? [] : parsed.faults;
    return fault && [fault.path.at(-1), fault.code, fault.message, fault.hint];
  };
  expect(faultOf("device.attrs.floor = 3")).toEqual([
    "where",
    "rule.bad-expression",
    "Unexpected character: =, at character 20",
    "equality is written ==",
  ]);
  expect(faultOf("device.floor > 3")).toMatchObject({
    2: "device has no floor, at character 8",
    3: "it has attrs, tags, id, name, profile, site, gateway",
  });
  expect(faultOf("m.temperature > 3")).toMatchObject({ 2: "Unknown variable: m, at character 1" });
});
