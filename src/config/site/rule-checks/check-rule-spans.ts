import { formatDuration } from "../../../core/duration.ts";
import type { RuleParts } from "../../../rules/language/rule-parts.ts";
import type { Condition } from "../../../rules/rule.ts";
import type { SiteFile } from "../site-reading.ts";
import { intervalsOf, type SiteNames } from "./site-names.ts";

/** Warns of times that are shorter than those between two samples of every device of the rule. */
export function checkRuleSpans(
  file: SiteFile<unknown>,
  { condition, path, select }: RuleParts,
  names: SiteNames,
): void {
  const span = condition && spanOf(condition);
  if (!condition || !span) return;
  const metric = condition.kind === "absent" ? condition.of : select.metric;
  const intervals = intervalsOf(select, metric, names);
  const shortestMs = Math.min(...intervals.map((intervalMs) => intervalMs ?? 0));
  if (intervals.length === 0 || shortestMs <= span.ms) return;
  file.report({
    code: "rule.span-too-short",
    path: [...path, "condition", condition.kind, span.field],
    message: `${formatDuration(span.ms)} is shorter than the ${formatDuration(shortestMs)} between two samples: ${span.so}`,
    hint: `write ${formatDuration(2 * shortestMs)} or more`,
    severity: "warning",
  });
}

function spanOf(
  condition: Condition,
): { readonly field: string; readonly ms: number; readonly so: string } | undefined {
  switch (condition.kind) {
    case "absent":
      return condition.intervals === undefined
        ? {
            ...{ field: "longer_than", ms: condition.longerThanMs },
            so: "every device is silent before it is due",
          }
        : undefined;
    case "stuck":
      return condition.longerThanMs === undefined
        ? undefined
        : { field: "longer_than", ms: condition.longerThanMs, so: "every value is stuck" };
    case "rate":
      return { field: "over", ms: condition.overMs, so: "there are never two to compare" };
    case "window":
      return { field: "over", ms: condition.overMs, so: "most windows have none" };
    default:
      return undefined;
  }
}
