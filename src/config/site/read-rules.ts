/** What stands in rule files, and how they name what the other files of a site describe. */
import type { Profile } from "../../normalize/profile.ts";
import { parseRules } from "../../rules/language/rule-file-schema.ts";
import { rulePartsOf } from "../../rules/language/rule-parts.ts";
import type { RuleFile, RuleGroup } from "../../rules/rule.ts";
import { orderRecords } from "../../rules/series/record-order.ts";
import { valueAt } from "../../schema/schema-issue.ts";
import { gatherNames } from "./gather-names.ts";
import type { Load } from "./load.ts";
import { type NamedFile, readNamedFiles } from "./read-named-files.ts";
import { checkRuleHold } from "./rule-checks/check-rule-hold.ts";
import { checkRuleLimits } from "./rule-checks/check-rule-limits.ts";
import { checkRuleLinks } from "./rule-checks/check-rule-links.ts";
import { checkRuleNames } from "./rule-checks/check-rule-names.ts";
import { checkRuleSpans } from "./rule-checks/check-rule-spans.ts";
import type { SiteNames } from "./rule-checks/site-names.ts";
import type { SiteFile } from "./site-reading.ts";

/** Where the name of a group stood first; undefined when its file has faults. */
export interface PlacedGroup {
  readonly file: string;
  readonly group: RuleGroup | undefined;
}

type GroupsByName = Map<string, PlacedGroup>;

/** What stands in rule files, right or wrong. */
export interface ReadRules {
  readonly files: readonly SiteFile<RuleFile>[];
  readonly groups: readonly PlacedGroup[];
}

/** Reads rule files, in their order; what is wrong in them is reported. Those with faults are among them. */
export async function readRules(
  load: Load,
  named: readonly NamedFile[],
  profiles: readonly Profile[],
  broken: ReadonlySet<string>,
): Promise<ReadRules> {
  const files: SiteFile<RuleFile>[] = [];
  const groups: GroupsByName = new Map();
  for await (const file of readNamedFiles(load, named, parseRules)) {
    addGroups(file, groups);
    files.push(file);
  }
  if (files.length > 0) {
    const written = files.map((file) => file.written);
    checkRules(load, files, gatherNames(load, profiles, broken, written));
  }
  return { files, groups: [...groups.values()] };
}

function checkRules({ main }: Load, files: readonly SiteFile<RuleFile>[], names: SiteNames): void {
  for (const file of files)
    for (const rule of rulePartsOf(file.written)) {
      checkRuleNames(file, rule, names);
      checkRuleLimits(file, main, rule, names);
      checkRuleHold(file, rule, names);
      checkRuleSpans(file, rule, names);
      checkRuleLinks(file, rule, names);
    }
  checkSeries(files);
}

/** A series is made once in all files, and not of itself. */
function checkSeries(files: readonly SiteFile<RuleFile>[]): void {
  const right = files.filter(({ value }) => value !== undefined);
  const { faults } = orderRecords(right.flatMap(({ value }) => value ?? []));
  for (const { path, ...fault } of faults) {
    const [at, ...place] = path;
    right[Number(at)]?.report({ ...fault, path: place });
  }
}

/** A group's name is part of the identity of its alerts, so it is there once in all files. */
function addGroups(file: SiteFile<RuleFile>, groups: GroupsByName): void {
  const written = valueAt(file.written, ["groups"]);
  for (const [at, one] of (Array.isArray(written) ? written : []).entries()) {
    const name = valueAt(one, ["name"]);
    if (typeof name !== "string") continue;
    const twin = groups.get(name);
    if (!twin) groups.set(name, { file: file.file, group: file.value?.groups[at] });
    else if (twin.file !== file.file)
      file.report({
        code: "rule.repeated-group",
        path: ["groups", at, "name"],
        message: `group "${name}" is also in ${twin.file}`,
        hint: "give every group a name of its own",
      });
  }
}
