/** `sluicegate rules ls`: the rules of a site, and how many alerts each watches for. */

import { isObject } from "../core/is-object.ts";
import type { Rule, RuleGroup } from "../rules/rule.ts";
import { askProcessor, type ProcessorOptions } from "./ask-processor.ts";
import { printAnswer } from "./print-answer.ts";
import { tableLines } from "./print-table.ts";
import {
  kindOf,
  type RuleRow,
  reservedRows,
  selectWords,
  severityOf,
  whenWords,
} from "./rules-list-words.ts";
import { siteOf } from "./site.ts";

export interface ListRulesOptions extends ProcessorOptions {
  readonly output: "text" | "json";
}

/** Prints a line for each, those that come with the program last. */
export async function listRules(options: ListRulesOptions): Promise<void> {
  const { config, rules } = await siteOf(options.config);
  const answer = await askProcessor("rule-tally", options, {});
  const tallies = new Map<unknown, Readonly<Record<string, unknown>>>();
  for (const tally of Array.isArray(answer?.["rules"]) ? answer["rules"] : [])
    if (isObject(tally)) tallies.set(tally["rule"], tally);
  const rows = [...rules.groups.flatMap(rowsOf), ...reservedRows(config.rules)].map((row) =>
    answer ? { ...row, ...countsOf(tallies.get(row.rule)) } : row,
  );
  printAnswer(options, "rules/1", { rules: rows }, () => linesOf(rows, answer !== undefined));
  if (!answer) process.stderr.write("(no processor runs here that says what fires)\n");
}

function rowsOf({ name, records = [], rules }: RuleGroup): RuleRow[] {
  return [
    ...rules.map((rule: Rule) => ({
      rule: `${name}/${rule.alert}`,
      kind: kindOf(rule.condition),
      severity: severityOf(rule.condition),
      enabled: rule.enabled,
      selects: selectWords(rule),
      when: whenWords(rule),
    })),
    ...records.map(({ agg, enabled, every, metric, record, select }) => ({
      rule: record,
      kind: "series",
      severity: "-",
      enabled,
      selects: selectWords({ select }),
      when: `${agg} of ${metric} each ${every}`,
    })),
  ];
}

/** A rule that watches nothing has no tally. */
function countsOf(tally: Readonly<Record<string, unknown>> | undefined) {
  const count = (name: string): number => Number(tally?.[name] ?? 0);
  return { instances: count("instances"), pending: count("pending"), firing: count("firing") };
}

function linesOf(rows: readonly RuleRow[], isCounted: boolean): string[] {
  if (rows.length === 0) return ["no rules"];
  const counts = isCounted ? ["WATCHES", "FIRING"] : [];
  return tableLines([
    ["RULE", "KIND", "SEVERITY", ...counts, "SELECTS", "WHEN"],
    ...rows.map(({ enabled, firing, instances, kind, rule, selects, severity, when }) => [
      ...[rule, kind, enabled ? severity : "off"],
      ...(isCounted ? [String(instances ?? 0), String(firing ?? 0)] : []),
      ...[selects, when],
    ]),
  ]);
}
