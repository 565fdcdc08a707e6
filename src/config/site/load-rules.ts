/** The rule files of a site, and how they name what the other files describe. */
import type { Profile } from "../../normalize/profile.ts";
import { parseRules } from "../../rules/language/rule-file-schema.ts";
import { rulePartsOf } from "../../rules/language/rule-parts.ts";
import type { RuleFile, RuleGroup } from "../../rules/rule.ts";
import { orderRecords } from "../../rules/series/record-order.ts";
import { valueAt } from "../../schema/schema-issue.ts";
import type { LocatedFault } from "../located-fault.ts";
import { gatherNames } from "./gather-names.ts";
import type { Load } from "./load.ts";
import { readNamedFiles } from "./read-named-files.ts";
import { checkRuleHold } from "./rule-checks/check-rule-hold.ts";
import { checkRuleLimits } from "./rule-checks/check-rule-limits.ts";
import { checkRuleLinks } from "./rule-checks/check-rule-links.ts";
import { checkRuleNames } from "./rule-checks/check-rule-names.ts";
import { checkRuleSpans } from "./rule-checks/check-rule-spans.ts";
import type { SiteNames } from "./rule-checks/site-names.ts";
import type { SiteFile } from "./site-reading.ts";
import { textOfRules } from "./written-rules.ts";

/** Where each name of a group stood first; a group is undefined when its file has faults. */
type GroupsByName = Map<string, { readonly file: string; readonly group: RuleGroup | undefined }>;

/** The rule files of a site, as far as they are right. */
export interface LoadedRules {
  /** Groups of the files without faults, in the order of the files. */
  readonly groups: readonly RuleGroup[];
  /** The same as they are written, for `readWrittenRules`. */
  readonly text: string;
  /** What is wrong in the others; no warnings. */
  readonly faults: readonly LocatedFault[];
  /** Where each rule stands, by `group/alert`. */
  readonly places: ReadonlyMap<string, RulePlace>;
}

/** Where a rule stands, and what stands there. */
export interface RulePlace {
  readonly file: string;
  readonly line: number;
  readonly written: unknown;
}

/**
 * Reads all rule files; what is wrong in them is reported. One that has a fault counts for nothing.
 * `profiles` is asked only where there is a rule file.
 */
export async function loadRules(
  load: Load,
  profiles: () => readonly Profile[],
  broken: ReadonlySet<string>,
): Promise<LoadedRules> {
  const { reading, sections } = load;
  const before = reading.faults.length;
  const files: SiteFile<RuleFile>[] = [];
  const groups: GroupsByName = new Map();
  const named = {
    section: "rules",
    patterns: sections.ruleFiles,
    isNamed: sections.namesRuleFiles,
    parse: parseRules,
  } as const;
  for await (const file of readNamedFiles(load, named)) {
    addGroups(file, groups);
    files.push(file);
  }
  if (files.length > 0) {
    const written = files.map((file) => file.written);
    checkRules(load, files, gatherNames(load, profiles(), broken, written));
  }
  const faults = reading.faults.slice(before).filter(({ severity }) => severity !== "warning");
  const wrong = new Set(faults.map(({ file }) => file));
  return {
    groups: [...groups.values()].flatMap(({ file, group }) =>
      group && !wrong.has(file) ? group : [],
    ),
    text: textOfRules(files.filter(({ file }) => !wrong.has(file)).map(({ written }) => written)),
    faults,
    places: new Map(files.filter(({ file }) => !wrong.has(file)).flatMap(placesIn)),
  };
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

function placesIn({ file, lineOf, value, written }: SiteFile<RuleFile>): [string, RulePlace][] {
  return (value?.groups ?? []).flatMap(({ name, rules }, groupAt) =>
    rules.map(({ alert }, ruleAt): [string, RulePlace] => {
      const path = ["groups", groupAt, "rules", ruleAt];
      return [`${name}/${alert}`, { file, line: lineOf(path), written: valueAt(written, path) }];
    }),
  );
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
