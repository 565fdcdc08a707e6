/** The rule files of the processor in `sluicegate status`. */
import type { RuleTrouble } from "../app/rule-trouble.ts";
import { counted } from "../core/counted.ts";

/** What a processor says of its rule files; a version before says nothing. */
export interface RuleFilesState {
  readonly rules?: number | undefined;
  readonly trouble?: RuleTrouble | undefined;
}

/** Nothing while the rules are those of the files. */
export function ruleFilesLines({ rules, trouble }: RuleFilesState): readonly string[] {
  if (!trouble) return [];
  const { faults, what, where } = trouble;
  return [
    `          ${counted(faults, "fault")} in the files, so ${counted(rules ?? 0, "rule")} of before stay in force`,
    `          ${where}: ${what}`,
  ];
}
