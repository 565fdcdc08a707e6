/** The rules that select a device: those about it, or about one of its metrics, and those about many. */
import type { Condition } from "../rule.ts";
import type { RuleDevice } from "../rule-device.ts";
import type { RuleIndex } from "../rule-index.ts";
import type { NamedRule } from "../rule-set.ts";
import { matchesAny, selectsDevice } from "../select.ts";
import type { SavedWatch } from "../watches/watch.ts";

export interface RulesForDevice {
  readonly own: readonly NamedRule[];
  /** Rules `per: gateway` and `per: site`. */
  readonly together: readonly NamedRule[];
}

export function rulesFor(device: RuleDevice, rules: RuleIndex): RulesForDevice {
  const own: NamedRule[] = [];
  const together: NamedRule[] = [];
  for (const rule of rules.candidates(device)) {
    if (rule.per === "metric") own.push(...rulesOfMetrics(rule, device));
    else if (selectsDevice(rule, device)) (rule.per === undefined ? own : together).push(rule);
  }
  return { own, together };
}

function rulesOfMetrics(rule: NamedRule, device: RuleDevice): readonly NamedRule[] {
  const metrics = metricsOf(rule);
  return [...device.metrics]
    .filter((metric) => matchesAny(metrics, metric))
    .map((metric) => ruleOfMetric(rule, metric))
    .filter((each) => selectsDevice(each, device));
}

function metricsOf({ select }: NamedRule): readonly string[] {
  const { metric, metrics = metric === undefined ? [] : [metric] } = select;
  return metrics;
}

/** A rule with an alert for each metric, as it is for one of them. */
export function ruleOfMetric(rule: NamedRule, metric: string): NamedRule {
  const { metrics: _, ...select } = rule.select;
  return { ...rule, select: { ...select, metric }, condition: conditionOf(rule.condition, metric) };
}

/** The rule that a watch was saved with, as it is for its metric; undefined where it is about that no more. */
export function ruleOfSaved(
  { metric, rule: id }: SavedWatch,
  rules: RuleIndex,
): NamedRule | undefined {
  const rule = rules.get(id);
  if (metric === undefined) return rule?.per === undefined ? rule : undefined;
  const isAsked = rule?.per === "metric" && matchesAny(metricsOf(rule), metric);
  return isAsked ? ruleOfMetric(rule, metric) : undefined;
}

/** Names one watch among those of a device. */
export function watchKeyOf({ id, per, select }: NamedRule): string {
  return per === "metric" ? `${id} ${select.metric}` : id;
}

function conditionOf(condition: Condition, metric: string): Condition {
  if (condition.kind === "expr") return condition;
  return condition.kind === "absent" ? { ...condition, of: metric } : { ...condition, metric };
}
