/** How one receiver is told of an alert, as its routes say. */
import type { AlertTransition } from "../core/alert.ts";
import type { EpochMs } from "../core/clock.ts";
import type { NoticeGroup } from "./receiver.ts";

/** What becomes of alerts that are learned long after they happened. */
export type LatePolicy = "digest" | "all" | "none";

export interface TellingPlan {
  /** Which route it is: groups of two routes are never one. */
  readonly route: string;
  /** Undefined where each change is told by itself. */
  readonly groupBy: readonly string[] | undefined;
  readonly groupWaitMs: number;
  readonly groupIntervalMs: number;
  /** Undefined where nothing is repeated. */
  readonly repeatMs: number | undefined;
  readonly late: LatePolicy;
  /** Told only when nobody acknowledged for so long; undefined where it is told at once. */
  readonly escalateAfterMs: number | undefined;
  /** Until when nothing is told; undefined where something may be told now. */
  mutedUntilMs(nowMs: EpochMs): EpochMs | undefined;
}

/** What routes see of an alert. */
export type RoutedAlert = Pick<AlertTransition, "rule" | "severity" | "labels" | "handling">;

/** The value of a label, or of what counts as one; empty where an alert has none. */
export function labelOf({ labels, rule, severity }: RoutedAlert, name: string): string {
  const slash = rule.indexOf("/");
  switch (name) {
    case "severity":
      return severity;
    case "group":
      return rule.slice(0, Math.max(0, slash));
    case "alertname":
      return rule.slice(slash + 1);
    default:
      return labels[name] ?? "";
  }
}

/** The group that an alert is told in; undefined where it is told by itself. */
export function groupOf(
  alert: RoutedAlert,
  { groupBy, route }: Pick<TellingPlan, "groupBy" | "route">,
): NoticeGroup | undefined {
  if (!groupBy) return undefined;
  const labels = Object.fromEntries(groupBy.map((name) => [name, labelOf(alert, name)]));
  return { key: JSON.stringify([route, ...Object.values(labels)]), labels };
}
