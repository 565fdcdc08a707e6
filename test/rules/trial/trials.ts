import { parseRules } from "../../../src/rules/language/rule-file-schema.ts";
import { chosenRules } from "../../../src/rules/reserved/chosen-rules.ts";
import { ownGroups } from "../../../src/rules/reserved/own-group.ts";
import { buildRuleSet } from "../../../src/rules/rule-set.ts";
import { judgeTrials } from "../../../src/rules/trial/judge-trials.ts";
import type { TrialRules } from "../../../src/rules/trial/run-trial.ts";
import type { TrialFile } from "../../../src/rules/trial/trial.ts";
import { parseTrials } from "../../../src/rules/trial/trial-schema.ts";

export const warm = {
  alert: "Warm",
  select: { metric: "t" },
  condition: { threshold: { above: -15, deadband: 2 } },
  for: "10m",
  keep_firing_for: "5m",
  severity: "warning",
};

/** A file of tests; fails where it has faults. */
export function trialFile(file: object): TrialFile {
  const parsed = parseTrials({
    rule_files: ["r.yaml"],
    devices: { d: { interval: "1m" } },
    ...file,
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults, null, 2));
  return parsed.value;
}

/** Rules of a group named `g`, with those of ours that are named. */
export function trialRules(rules: readonly object[], reserved: readonly string[] = []): TrialRules {
  const parsed = parseRules({ version: 1, groups: [{ name: "g", rules }] });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults, null, 2));
  const chosen = chosenRules(reserved);
  const built = buildRuleSet([parsed.value, { groups: ownGroups(chosen) }]);
  if (!built.ok) throw new Error(JSON.stringify(built.faults, null, 2));
  return { rules: built.value, reserved: chosen };
}

/** What differs in each test, in words. */
export function judged(file: TrialFile, rules: TrialRules): string[][] {
  return Array.from(judgeTrials(file, rules), ({ differences }) =>
    differences.map(({ text }) => text),
  );
}
