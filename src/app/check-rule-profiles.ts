import { suggest } from "../core/schema-faults.ts";
import { valueAt } from "../core/schema-issue.ts";
import type { RuleFile } from "../rules/rule.ts";
import { matchesPattern } from "../rules/select.ts";
import type { SiteFile } from "./site-reading.ts";

/** Reports every profile that a rule selects and that nobody describes. */
export function checkRuleProfiles(file: SiteFile<RuleFile>, names: readonly string[]): void {
  for (const [groupAt, group] of (file.value?.groups ?? []).entries()) {
    for (const [ruleAt, rule] of group.rules.entries()) {
      const path = ["groups", groupAt, "rules", ruleAt, "select", "profile"];
      const isList = Array.isArray(valueAt(file.written, path));
      for (const [at, pattern] of (rule.select.profile ?? []).entries()) {
        if (names.some((name) => matchesPattern(pattern, name))) continue;
        const meant = suggest(pattern, names);
        file.report({
          code: "rule.unknown-profile",
          path: isList ? [...path, at] : path,
          message: `there is no profile "${pattern}"`,
          hint: meant
            ? `did you mean ${meant}?`
            : "put it into a folder that profiles.folders names",
        });
      }
    }
  }
}
