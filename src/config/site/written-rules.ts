import { parseRules } from "../../rules/language/rule-file-schema.ts";
import type { RuleGroup } from "../../rules/rule.ts";

/** The groups of what a text of rule files says, once it is read as JSON; undefined where it is none, or has faults by now. */
export function readWrittenRules(written: unknown): readonly RuleGroup[] | undefined {
  if (!Array.isArray(written)) return undefined;
  const groups: RuleGroup[] = [];
  for (const one of written) {
    const checked = parseRules(one);
    if (!checked.ok) return undefined;
    groups.push(...checked.value.groups);
  }
  return groups;
}
