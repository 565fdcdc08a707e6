/** Which devices a rule is about. Asked once per device and record, never per event. */
import { matchesGlob } from "../core/glob.ts";
import type { Limit, Select } from "./rule.ts";
import type { RuleDevice } from "./rule-device.ts";
import { fieldsOf } from "./rule-expression.ts";
import type { NamedRule } from "./rule-set.ts";

/** True when the rule is to be evaluated for the device. */
export function selectsDevice(rule: NamedRule, device: RuleDevice): boolean {
  const { select, condition } = rule;
  if (!device.told && needsRecord(rule)) return false;
  if (isByInterval(rule) && device.intervalMs === undefined) return false;
  if (select.metric !== undefined && !device.metrics.has(select.metric)) return false;
  if (
    condition.kind === "absent" &&
    condition.of !== undefined &&
    !device.metrics.has(condition.of)
  )
    return false;
  if (condition.kind === "expr" && !condition.metrics.some((name) => device.metrics.has(name)))
    return false;
  return selectsByNames(select, device) && (rule.where?.holdsFor(fieldsOf(device)) ?? true);
}

/** True where all that is said of names and tags fits. */
export function selectsByNames(select: Select, device: RuleDevice): boolean {
  return (
    matchesAny(select.profile, device.profile) &&
    matchesAny(select.site, device.site) &&
    matchesAny(select.gateway, device.gateway) &&
    matchesAny(select.device, device.device) &&
    matchesTags(select, device)
  );
}

function isByInterval({ condition }: NamedRule): boolean {
  return condition.kind === "absent" && condition.intervals !== undefined;
}

/** True when rule or device decide by something that only the device's record says. */
function needsRecord({ select, where, condition }: NamedRule): boolean {
  if (where || Object.keys(select.tags).length > 0) return true;
  return (
    condition.kind !== "absent" &&
    condition.kind !== "expr" &&
    condition.levels.some(({ limit }) => hasAttr(limit))
  );
}

/** True for a limit that each device has of its own. */
export function hasAttr(limit: Limit): boolean {
  if ("bound" in limit) return typeof limit.bound === "object";
  return "low" in limit && (typeof limit.low === "object" || typeof limit.high === "object");
}

function matchesTags({ tags }: Select, device: RuleDevice): boolean {
  return Object.entries(tags).every(([tag, patterns]) => {
    const value = device.tags[tag];
    return value !== undefined && matchesAny(patterns, value);
  });
}

/** True when one of the patterns fits; without patterns everything does. */
export function matchesAny(patterns: readonly string[] | undefined, text: string): boolean {
  return patterns === undefined || patterns.some((pattern) => matchesGlob(pattern, text));
}
