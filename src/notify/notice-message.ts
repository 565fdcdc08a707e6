/** A notice as a message for people: a title, and what is below it. */
import type { Severity } from "../core/alert.ts";
import { printable } from "../core/printable.ts";
import { rankOf } from "../core/severity-rank.ts";
import { type AlertText, describeAlert, formatMoment } from "./alert-text.ts";
import { causes } from "./notice-text.ts";
import type { Notice, NoticeCause } from "./receiver.ts";
import { shorten } from "./shorten.ts";

export interface NoticeMessage {
  /** `[FIRING critical] FreezerWarm freezer-07 (plant-a)` */
  readonly title: string;
  /** What is to be said before the alerts. */
  readonly lead: readonly string[];
  readonly alerts: readonly AlertText[];
  /** How many more belong to it. */
  readonly leftOut: number;
  /** Of the worst alert in it. */
  readonly severity: Severity;
  /** Nothing in it fires. */
  readonly ended: boolean;
}

/** In front of the severity, in place of the state. */
const words: Readonly<Record<NoticeCause, string | undefined>> = {
  change: undefined,
  repeat: "STILL FIRING",
  escalation: "ESCALATED",
  flapping: "FLAPPING",
  calm: undefined,
  digest: "DIGEST",
};

export function describeNotice(notice: Notice): NoticeMessage {
  const { alerts: noticed, attempt, cause, lateByReceiver, sentAt } = notice;
  const alerts = noticed.map(({ transition }) => describeAlert(transition));
  const ended = noticed.every(({ transition }) => transition.state === "ended");
  const severity = noticed
    .map(({ transition }) => transition.severity)
    .reduce((worst, other) => (rankOf(other) < rankOf(worst) ? other : worst));
  const lead: string[] = [];
  const said = causes[cause];
  if (said !== "") lead.push(`${said.charAt(0).toUpperCase()}${said.slice(1)}.`);
  const passed = noticed.reduce((sum, { changes }) => sum + changes - 1, 0);
  if (passed > 0) lead.push(`Stands for ${passed} earlier changes as well.`);
  if (lateByReceiver) lead.push(`Told late: sent ${formatMoment(sentAt)}, attempt ${attempt}.`);
  const word = words[cause] ?? (ended ? "ENDED" : "FIRING");
  return {
    title: `[${word} ${severity}] ${subjectOf(notice, alerts)}`,
    lead,
    alerts,
    leftOut: notice.leftOut,
    severity,
    ended,
  };
}

/** The message below its title, as lines of plain text. */
export function plainLines({ alerts, lead, leftOut }: NoticeMessage): string[] {
  const lines = [...lead];
  for (const alert of alerts) {
    if (lines.length > 0) lines.push("");
    if (alerts.length > 1) lines.push(`${alert.state}: ${alert.name}`);
    if (alert.summary !== undefined) lines.push(alert.summary);
    for (const [name, text] of alert.facts) lines.push(`${name}: ${text}`);
    if (alert.runbookUrl !== undefined) lines.push(`Runbook: ${alert.runbookUrl}`);
  }
  if (leftOut > 0) lines.push("", moreLine(leftOut));
  return lines;
}

/** What is said in place of those that there was no room for. */
export function moreLine(count: number): string {
  return `and ${count} more`;
}

/** The alert, or how many there are and what they have in common. */
function subjectOf({ group, leftOut }: Notice, alerts: readonly AlertText[]): string {
  const count = alerts.length + leftOut;
  const [first] = alerts;
  if (count === 1 && first !== undefined) return first.name;
  const common = printable(shorten(Object.values(group?.labels ?? {}).join(" "), 200));
  return common === "" ? `${count} alerts` : `${count} alerts: ${common}`;
}
