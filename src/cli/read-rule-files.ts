/** Rule files that a command names, read beside whatever site there is. */
import { expandGlob } from "../config/site/expand-glob.ts";
import type { SiteFiles } from "../config/site/site-files.ts";
import type { SiteFile, SiteReading } from "../config/site/site-reading.ts";
import type { SaidOfFile } from "../config/site/unreadable.ts";
import { systemReason } from "../core/system-reason.ts";
import { parseRules } from "../rules/language/rule-file-schema.ts";
import type { RuleFile, RuleGroup } from "../rules/rule.ts";
import { buildRuleSet, type RuleSet } from "../rules/rule-set.ts";

/** Files behind paths with `*`, in their order; `unreadable` is told of a path that leads nowhere. */
export async function filesBehind(
  patterns: readonly string[],
  files: SiteFiles,
  unreadable: (message: string, at: number) => void,
): Promise<string[]> {
  const found = new Set<string>();
  for (const [at, pattern] of patterns.entries()) {
    const paths = await expandGlob(pattern, files, (folder, thrown) =>
      unreadable(`cannot list the folder ${folder}: ${systemReason(thrown)}`, at),
    );
    if (paths.length === 0) unreadable(`no file is ${pattern}`, at);
    for (const path of paths) found.add(path);
  }
  return [...found];
}

/** Each file once; a broken one has its faults in `reading`. */
export async function readRuleFiles(
  reading: SiteReading,
  paths: readonly string[],
  unreadable?: (message: string) => void,
): Promise<SiteFile<RuleFile>[]> {
  const read: SiteFile<RuleFile>[] = [];
  for (const path of paths) {
    const tell = unreadable && { unreadable: ({ message }: SaidOfFile) => unreadable(message) };
    const file = await reading.read(path, { parse: parseRules, ...tell });
    if (file) read.push(file);
  }
  return read;
}

/** The rules of all of them with `more`; undefined where one is broken, or they do not fit together. */
export function rulesOf(
  files: readonly SiteFile<RuleFile>[],
  more: readonly RuleGroup[] = [],
): RuleSet | undefined {
  const values = files.flatMap(({ value }) => value ?? []);
  if (values.length < files.length) return undefined;
  const built = buildRuleSet([...values, { groups: more }]);
  if (built.ok) return built.value;
  for (const { path, ...fault } of built.faults) {
    const [at, ...rest] = path;
    files[Number(at)]?.report({ ...fault, path: rest });
  }
  return undefined;
}
