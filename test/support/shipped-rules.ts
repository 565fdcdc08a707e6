/** Rules as a hub has them: those of a file, and those that come with the program. */

import { parseRules } from "../../src/rules/language/rule-file-schema.ts";
import { ownGroups } from "../../src/rules/reserved/own-group.ts";
import { shippedRules } from "../../src/rules/reserved/reserved-rules.ts";
import { buildRuleSet, type RuleSet } from "../../src/rules/rule-set.ts";

/** `file` is what a rule file has; fails where it has faults. */
export function withShippedRules(file: object): RuleSet {
  const parsed = parseRules(file);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults, null, 2));
  const groups = [...parsed.value.groups, ...ownGroups(shippedRules)];
  const built = buildRuleSet([{ groups }]);
  if (!built.ok) throw new Error(JSON.stringify(built.faults, null, 2));
  return built.value;
}
