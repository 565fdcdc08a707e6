/** The lists of the alert screen: each alert stands in the list of its state. */
import type { AlertRow } from "../../../api/shapes/alert.ts";

export const alertLists = [
  "active",
  "unacked",
  "shelved",
  "suppressed",
  "out-of-service",
  "history",
] as const;
export type AlertList = (typeof alertLists)[number];

/** As they stand on their tabs. */
export const listWords: Readonly<Record<AlertList, string>> = {
  active: "Active",
  unacked: "Unacked",
  shelved: "Shelved",
  suppressed: "Suppressed",
  "out-of-service": "Out of service",
  history: "History",
};

const activeStates: ReadonlySet<AlertRow["state"]> = new Set<AlertRow["state"]>([
  "unacknowledged",
  "acknowledged",
  "latched",
  "returned-unacknowledged",
]);

/** Whether a row is in a list. `unacked` is a part of `active`; the others have nothing in common. */
export function isInList(list: AlertList, { acked, state }: AlertRow): boolean {
  switch (list) {
    case "active":
      return activeStates.has(state);
    case "unacked":
      return activeStates.has(state) && acked === null;
    case "history":
      return state === "normal";
    default:
      return state === list;
  }
}

/** How many stand in each list. */
export function countLists(rows: Iterable<AlertRow>): Readonly<Record<AlertList, number>> {
  const counts: Record<AlertList, number> = {
    active: 0,
    unacked: 0,
    shelved: 0,
    suppressed: 0,
    "out-of-service": 0,
    history: 0,
  };
  for (const row of rows) for (const list of alertLists) if (isInList(list, row)) counts[list] += 1;
  return counts;
}

const severities = ["critical", "warning", "info"] as const;

/** The worst first, then what began last; the same wherever the rows come from. */
export function sortAlerts(rows: Iterable<AlertRow>): AlertRow[] {
  return [...rows].sort(compareAlerts);
}

/** The worst first, then what began last. */
export function compareAlerts(one: AlertRow, other: AlertRow): number {
  return (
    severities.indexOf(one.severity) - severities.indexOf(other.severity) ||
    other.startedMs - one.startedMs ||
    (one.instance < other.instance ? -1 : 1)
  );
}

/** One that is told of no more, as it is now: over, with nothing left for anybody to do. */
export function asOver(row: AlertRow): AlertRow {
  return { ...row, isFiring: false, ackRequired: false, shelf: null, state: "normal" };
}

/** Whether somebody may say that it was seen; the server has the last word. */
export function isAckable({ ackRequired, acked, isFiring, state }: AlertRow): boolean {
  return acked === null && (isFiring || state === "latched" || ackRequired);
}

export function isShelvable({ outOfService, shelf }: AlertRow): boolean {
  return outOfService === null && shelf === null;
}
