/** Alerts in groups: by site, by rule, by device. */
import type { AlertRow } from "../../../api/shapes/alert.ts";

export const groupings = ["none", "site", "rule", "device"] as const;
export type Grouping = (typeof groupings)[number];

export interface AlertGroup {
  /** What its rows have in common, and its title; empty where nothing is grouped. */
  readonly name: string;
  /** In the order they were given. */
  readonly rows: readonly AlertRow[];
  readonly critical: number;
  readonly warning: number;
  readonly info: number;
}

/** Groups in the order of their first rows, so that they hold still as those do. */
export function groupAlerts(rows: readonly AlertRow[], by: Grouping): readonly AlertGroup[] {
  const byName = new Map<string, AlertRow[]>();
  for (const row of rows) {
    const name = nameOf(row, by);
    const group = byName.get(name);
    if (group) group.push(row);
    else byName.set(name, [row]);
  }
  return [...byName].map(([name, members]) => ({ name, rows: members, ...countOf(members) }));
}

/** `FreezerWarm` of `plant-a/freezers/FreezerWarm`: what people call a rule. */
export function shortRule(rule: string): string {
  return rule.slice(rule.lastIndexOf("/") + 1);
}

/** What an alert is about: its device, or what else there is of it. */
export function subjectOf({ device, gateway, labels, site }: AlertRow): string {
  return device ?? labels["run"] ?? gateway ?? site;
}

function nameOf(row: AlertRow, by: Grouping): string {
  switch (by) {
    case "none":
      return "";
    case "site":
      return row.site;
    case "rule":
      return shortRule(row.rule);
    case "device":
      return subjectOf(row);
  }
}

function countOf(rows: readonly AlertRow[]): Pick<AlertGroup, "critical" | "warning" | "info"> {
  const counts = { critical: 0, warning: 0, info: 0 };
  for (const { severity } of rows) counts[severity] += 1;
  return counts;
}
