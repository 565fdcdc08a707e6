/** Why a rule is not about a device, in words: each part of its choice that fails, with what was found. */
import type { RuleDevice } from "../rule-device.ts";
import { fieldsOf } from "../rule-expression.ts";
import type { NamedRule } from "../rule-set.ts";
import { matchesAny, selectsDevice } from "../select.ts";

/** Nothing where the rule selects the device. */
export function whyNotSelected(rule: NamedRule, device: RuleDevice): string[] {
  if (selectsDevice(rule, device)) return [];
  const { condition, select, where } = rule;
  const reasons: string[] = [];
  for (const field of ["profile", "site", "gateway", "device"] as const) {
    const wanted = select[field];
    if (!matchesAny(wanted, device[field]))
      reasons.push(`select.${field} is ${listed(wanted)}, the device's is ${said(device[field])}`);
  }
  for (const [tag, wanted] of Object.entries(select.tags)) {
    const found = device.tags[tag];
    if (found === undefined || !matchesAny(wanted, found))
      reasons.push(`select.tags.${tag} is ${listed(wanted)}, the device's is ${said(found)}`);
  }
  if (select.metric !== undefined && !device.metrics.has(select.metric))
    reasons.push(`it has no metric ${select.metric}; ${metricsOf(device)}`);
  if (condition.kind === "absent") {
    if (condition.of !== undefined && !device.metrics.has(condition.of))
      reasons.push(`it has no metric ${condition.of}; ${metricsOf(device)}`);
    if (condition.intervals !== undefined && device.intervalMs === undefined)
      reasons.push("its profile names no interval");
  }
  if (condition.kind === "expr" && !condition.metrics.some((name) => device.metrics.has(name)))
    reasons.push(`it has none of ${condition.metrics.join(", ")}; ${metricsOf(device)}`);
  if (device.told && where && !where.holdsFor(fieldsOf(device)))
    reasons.push(`where: ${where.text} does not hold; ${attrsOf(device)}`);
  if (!device.told && reasons.length === 0)
    reasons.push("its gateway has not told of it yet, and the rule asks for tags or attributes");
  return reasons;
}

function listed(patterns: readonly string[] | undefined): string {
  return (patterns ?? []).join(" or ");
}

function said(text: string | undefined): string {
  return text === undefined || text === "" ? "not known" : text;
}

function metricsOf({ metrics }: RuleDevice): string {
  return metrics.size === 0 ? "it has none" : `it has ${[...metrics].join(", ")}`;
}

function attrsOf({ attrs }: RuleDevice): string {
  const known = Object.entries(attrs).map(([name, value]) => `${name} is ${value}`);
  return known.length === 0 ? "it has no attributes" : `its ${known.join(", ")}`;
}
