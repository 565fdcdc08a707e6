/** Limits that no value can ever cross: what they compare is of another kind. */

import type { RuleParts } from "../../../rules/language/rule-parts.ts";
import type { Bound, Condition, Level, Limit } from "../../../rules/rule.ts";
import { matchesAny } from "../../../rules/select.ts";
import { valueAt } from "../../../schema/schema-issue.ts";
import type { SiteFile } from "../site-reading.ts";
import {
  mayBe,
  metricsOf,
  type SiteNames,
  selectedDevices,
  typeOfValue,
  type ValueType,
} from "./site-names.ts";

type Path = readonly (string | number)[];

/** Reports limits of the wrong type in a rule, and attributes of devices that cannot be limits. */
export function checkRuleLimits(
  file: SiteFile<unknown>,
  main: SiteFile<unknown>,
  rule: RuleParts,
  names: SiteNames,
): void {
  const { condition, path, select } = rule;
  if (!condition || !("levels" in condition)) return;
  const types = typesOfMetric(rule, names);
  const place = [...path, "condition", condition.kind];
  const isLevels = Array.isArray(valueAt(file.written, [...place, "levels"]));
  for (const [at, { limit }] of condition.levels.entries()) {
    const where = [...(isLevels ? [...place, "levels", at] : place), limit.kind];
    if (condition.kind === "threshold") checkType(file, where, limit, types, select.metric ?? "");
    for (const attr of attributesOf(limit)) checkAttribute(main, attr, rule, names);
  }
  if (needsNumbers(condition)) checkNumbers(file, place, condition.kind, types, select.metric);
}

/** What a change, a mean or what is usual is made of. */
function needsNumbers(condition: Condition): boolean {
  if (condition.kind === "window") return condition.agg !== "count";
  return condition.kind === "rate" || condition.kind === "anomaly";
}

function checkNumbers(
  file: SiteFile<unknown>,
  path: Path,
  kind: string,
  types: ReadonlySet<ValueType>,
  metric = "",
): void {
  if (types.size === 0 || types.has("any") || types.has("number")) return;
  const [type = "any"] = types;
  file.report({
    code: "rule.wrong-limit",
    path,
    atKey: true,
    message: `${metric} is ${words[type]}, and ${kind} is about numbers`,
    hint: "compare it with threshold, or count it with window and agg: count",
  });
}

function checkType(
  file: SiteFile<unknown>,
  path: Path,
  limit: Limit,
  types: ReadonlySet<ValueType>,
  metric: string,
): void {
  if (types.size === 0 || types.has("any")) return;
  const wanted = "value" in limit ? typeOfValue(limit.value) : "number";
  if (types.has(wanted)) return;
  const [type = "any"] = types;
  const hint =
    type === "boolean" ? "write equals: true or equals: false" : `compare it with ${words[type]}`;
  file.report({
    code: "rule.wrong-limit",
    path,
    message: `${metric} is ${words[type]}, and ${limit.kind} compares ${words[wanted]}`,
    hint,
  });
}

const words: Readonly<Record<ValueType, string>> = {
  number: "a number",
  boolean: "true or false",
  text: "text",
  any: "anything",
};

/** The types that the metric has in the profiles that the rule is about; none when nobody has it. */
function typesOfMetric({ select }: RuleParts, names: SiteNames): ReadonlySet<ValueType> {
  const { metric } = select;
  const isUnsure = [...names.brokenProfiles].some((name) => matchesAny(select.profile, name));
  if (metric === undefined || isUnsure) return new Set();
  const profiles = names.profiles.filter(({ name }) => matchesAny(select.profile, name));
  const found = metricsOf(profiles).filter((one) => mayBe(one, metric));
  // What a profile names wins over what another would take under any name.
  const named = found.filter(({ isOpen }) => !isOpen);
  return new Set((named.length > 0 ? named : found).flatMap(({ types }) => types));
}

/** A rule takes its default for an attribute that is no number, and nobody would know. */
function checkAttribute(
  main: SiteFile<unknown>,
  attr: string,
  rule: RuleParts,
  names: SiteNames,
): void {
  for (const { at, value: device } of selectedDevices(rule.select, names)) {
    const value = device.attrs[attr];
    if (value === undefined || typeof value === "number") continue;
    const isNumber = typeof value === "string" && Number.isFinite(Number(value || Number.NaN));
    main.report({
      code: "config.wrong-type",
      path: ["devices", at, "attrs", attr],
      message: `${attr} is ${words[typeOfValue(value)]}, and the rule ${rule.name} takes it for a limit`,
      hint: isNumber ? `write ${Number(value)}, without quotes` : "write a number",
    });
  }
}

function attributesOf(limit: Level["limit"]): string[] {
  const bounds: Bound[] =
    "bound" in limit ? [limit.bound] : "low" in limit ? [limit.low, limit.high] : [];
  return bounds.flatMap((bound) => (typeof bound === "object" ? bound.attr : []));
}
