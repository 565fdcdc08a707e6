/** How an alert is, in words. */
import type { AlertRow } from "../../../api/shapes/alert.ts";
import { clockText, spanText } from "../../parts/time-text.ts";
import { shortRule, subjectOf } from "./alert-groups.ts";

/** `FreezerWarm freezer-07`. */
export function nameOf(row: AlertRow): string {
  return `${shortRule(row.rule)} ${subjectOf(row)}`;
}

/** `-11.4 °C > -15 °C`; the summary where there is no value. */
export function valueWords({ limit, summary, value }: AlertRow): string {
  if (value === null) return summary;
  return limit === null ? value : `${value} ${limit}`;
}

/** How the condition is: `firing 18 min`, `ended 14:19`. */
export function conditionWords(row: AlertRow, nowMs: number): string {
  const { endedMs, firedMs, isFiring, isStale, startedMs } = row;
  if (isFiring) {
    const span = spanText(Math.max(0, nowMs - (firedMs ?? startedMs)));
    return `firing ${span}${isStale ? ", on old data" : ""}`;
  }
  return endedMs === null ? "not firing" : `ended ${clockText(endedMs, nowMs)}`;
}

/** What people have to do with it: `unacked`, `acked ana 14:12`, `shelved until 14:30 by ana`. */
export function handlingWords(row: AlertRow, nowMs: number): string {
  const { acked, outOfService, shelf, state, suppressedBy } = row;
  switch (state) {
    case "out-of-service":
      return `out of service${outOfService ? `, ${outOfService.by}` : ""}`;
    case "shelved":
      if (!shelf) return "shelved";
      return `shelved until ${clockText(shelf.untilMs, nowMs)}${shelf.once ? " or normal" : ""}, ${shelf.by}`;
    case "suppressed":
      return suppressedBy ? `explained by ${shortRule(suppressedBy.rule)}` : "suppressed";
    case "acknowledged":
      return acked ? `acked ${acked.by} ${clockText(acked.atMs, nowMs)}` : "acked";
    case "latched":
      return `latched, ${acked ? `acked ${acked.by}` : "unacked"}`;
    case "unacknowledged":
      return "unacked";
    case "returned-unacknowledged":
      return "returned, unacked";
    case "normal":
      return "normal";
  }
}

/** `began 14:02, learned 16:41`, of what was learned behind an outage. */
export function lateWords(
  { isLate, learnedMs, startedMs }: AlertRow,
  nowMs: number,
): string | null {
  if (!isLate) return null;
  return `began ${clockText(startedMs, nowMs)}, learned ${clockText(learnedMs, nowMs)}`;
}
