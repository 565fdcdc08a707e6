/** Which alerts are new since the page looked last, and what is said of them aloud. Pure. */
import type { AlertRow } from "../../api/shapes/alert.ts";
import { isLoud } from "../parts/loud-alert.ts";

export function loudInstances(rows: ReadonlyMap<string, AlertRow>): ReadonlySet<string> {
  return new Set([...rows].flatMap(([key, row]) => (isLoud(row) ? [key] : [])));
}

export function newlyLoud(
  before: ReadonlySet<string>,
  rows: ReadonlyMap<string, AlertRow>,
): readonly AlertRow[] {
  return [...rows].flatMap(([key, row]) => (isLoud(row) && !before.has(key) ? [row] : []));
}

/** `New critical alert: FreezerWarm, freezer-07`; of several, how many there are. */
export function sayAlerts(rows: readonly AlertRow[]): string {
  const [first] = rows;
  if (!first) return "";
  if (rows.length > 1) return `${rows.length} new alerts: ${counts(rows)}`;
  const whose = first.device ?? first.gateway ?? first.site;
  return `New ${first.severity} alert: ${first.rule}, ${whose}`;
}

function counts(rows: readonly AlertRow[]): string {
  return (["critical", "warning", "info"] as const)
    .map((severity) => [rows.filter((row) => row.severity === severity).length, severity] as const)
    .filter(([count]) => count > 0)
    .map(([count, severity]) => `${count} ${severity}`)
    .join(", ");
}
