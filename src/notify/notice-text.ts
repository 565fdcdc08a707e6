/** Notices in words, for receivers that people read. */
import type { AlertTransition } from "../core/alert.ts";
import type { Notice, NoticeCause } from "./receiver.ts";

/** What a notice says beside its alerts; empty where there is nothing to say. */
export const causes: Readonly<Record<NoticeCause, string>> = {
  change: "",
  repeat: "still, nobody acknowledged it",
  escalation: "nobody acknowledged it",
  flapping: "it changes all the time; told again once it is calm",
  calm: "calm again",
  digest: "began and ended while the gateway could not be heard",
};

/**
 * True of what has no group and no cause of its own: one change of one alert. Receivers for programs
 * write it as the transition alone.
 */
export function isPlainChange({ alerts, cause, group, leftOut }: Notice): boolean {
  const [{ changes }, ...others] = alerts;
  return (
    cause === "change" &&
    group === undefined &&
    others.length === 0 &&
    changes === 1 &&
    leftOut === 0
  );
}

/** One line for each alert: `FIRING warning cold_chain/FreezerWarm: Freezer 07 is warm (since …)`. */
export function alertLines(notice: Notice): readonly string[] {
  return notice.alerts.map(({ changes, transition }) => {
    const notes = notesOf(transition);
    if (changes > 1) notes.push(`${changes} changes`);
    if (causes[notice.cause] !== "") notes.push(causes[notice.cause]);
    if (notice.lateByReceiver)
      notes.push(`told late: sent ${notice.sentAt}, attempt ${notice.attempt}`);
    const { rule, severity, state } = transition;
    return `${state.toUpperCase()} ${severity} ${rule}: ${nameOf(transition)} (${notes.join("; ")})`;
  });
}

/** What an alert is about, for people. */
export function nameOf({ annotations, instance, labels }: AlertTransition): string {
  const { device, gateway, site } = labels;
  return annotations["summary"] ?? device ?? gateway ?? site ?? instance;
}

function notesOf(transition: AlertTransition): string[] {
  const { ended_at, fired_at, late, observed_at, stale, started_at, state } = transition;
  const notes = [
    state === "firing"
      ? `since ${started_at}, fired ${fired_at}`
      : `from ${started_at} to ${ended_at}`,
  ];
  if (late) notes.push(`late: learned ${observed_at}`);
  if (stale) notes.push("by an old value");
  return notes;
}
