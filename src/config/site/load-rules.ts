/** The rules of a site. */
import type { Profile } from "../../normalize/profile.ts";
import type { RuleFile, RuleGroup } from "../../rules/rule.ts";
import { valueAt } from "../../schema/schema-issue.ts";
import type { LocatedFault } from "../located-fault.ts";
import type { Load } from "./load.ts";
import { findNamedFiles } from "./read-named-files.ts";
import type { ReadRules } from "./read-rules.ts";
import type { SiteFile } from "./site-reading.ts";

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

const nothing: ReadRules = { files: [], groups: [] };

/**
 * Reads all rule files; what is wrong in them is reported. One that has a fault counts for nothing.
 * Where there is none, `profiles` is not asked, and what reads them is not loaded.
 */
export async function loadRules(
  load: Load,
  profiles: () => readonly Profile[],
  broken: ReadonlySet<string>,
): Promise<LoadedRules> {
  const { reading, sections } = load;
  const before = reading.faults.length;
  const { namesRuleFiles: isNamed, ruleFiles: patterns } = sections;
  const named = await findNamedFiles(load, { section: "rules", patterns, isNamed });
  const { files, groups } =
    named.length === 0
      ? nothing
      : await (await import("./read-rules.ts")).readRules(load, named, profiles(), broken);
  const faults = reading.faults.slice(before).filter(({ severity }) => severity !== "warning");
  const wrong = new Set(faults.map(({ file }) => file));
  const right = files.filter(({ file }) => !wrong.has(file));
  return {
    groups: groups.flatMap(({ file, group }) => (group && !wrong.has(file) ? group : [])),
    text: JSON.stringify(right.map(({ written }) => written)),
    faults,
    places: new Map(right.flatMap(placesIn)),
  };
}

function placesIn({ file, lineOf, value, written }: SiteFile<RuleFile>): [string, RulePlace][] {
  return (value?.groups ?? []).flatMap(({ name, rules }, groupAt) =>
    rules.map(({ alert }, ruleAt): [string, RulePlace] => {
      const path = ["groups", groupAt, "rules", ruleAt];
      return [`${name}/${alert}`, { file, line: lineOf(path), written: valueAt(written, path) }];
    }),
  );
}
