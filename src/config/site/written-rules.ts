/** Rule files as one text: to see that they changed, and to have the last good ones again. */

import { parseRules } from "../../rules/language/rule-file-schema.ts";
import type { RuleGroup } from "../../rules/rule.ts";

/** The text of what rule files say, in their order; comments are not in it. */
export function textOfRules(written: readonly unknown[]): string {
  return JSON.stringify(written);
}

/** The groups of what such a text says; undefined where it is none, or has faults by now. */
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
