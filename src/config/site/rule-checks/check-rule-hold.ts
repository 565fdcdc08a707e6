import { formatDuration, parseDuration } from "../../../core/duration.ts";
import { isHeldLongEnough } from "../../../rules/language/held-long-enough.ts";
import type { RuleParts } from "../../../rules/language/rule-parts.ts";
import type { Condition } from "../../../rules/rule.ts";
import { valueAt } from "../../../schema/schema-issue.ts";
import type { SiteFile } from "../site-reading.ts";
import { intervalsOf, type SiteNames } from "./site-names.ts";

/** Warns of a `for` that is over only if the next sample comes while the last one counts. */
export function checkRuleHold(
  file: SiteFile<unknown>,
  { condition, path, select }: RuleParts,
  names: SiteNames,
): void {
  const written = valueAt(file.written, [...path, "hold"]);
  const holdMs = typeof written === "string" ? parseDuration(written) : undefined;
  if (holdMs === undefined || !condition) return;
  const ownFor = valueAt(file.written, [...path, "for"]);
  const ownForMs = (typeof ownFor === "string" ? parseDuration(ownFor) : undefined) ?? 0;
  const levels = "levels" in condition ? condition.levels : [];
  const forMs = Math.max(ownForMs, ...levels.map((level) => level.forMs));
  const isShort = heldMetrics(condition).some((metric) => {
    const intervals = intervalsOf(select, metric, names);
    return intervals.length > 0 && !isHeldLongEnough(forMs, holdMs, intervals);
  });
  if (!isShort) return;
  file.report({
    code: "rule.hold-too-short",
    path: [...path, "hold"],
    message: `a value counts for ${formatDuration(holdMs)}, the next comes later or never, and the breach must last ${formatDuration(forMs)}`,
    hint: "leave hold out, or make it as long as for",
    severity: "warning",
  });
}

/** Those whose last value is compared between its samples. */
function heldMetrics(condition: Condition): readonly string[] {
  if (condition.kind === "threshold") return [condition.metric];
  return condition.kind === "expr" ? condition.metrics : [];
}
