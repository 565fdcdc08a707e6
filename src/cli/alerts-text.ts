/** Alerts as lines for people. */
import type { AlertView, Said } from "../alerts/alert-view.ts";
import { stateWords } from "../alerts/display-state.ts";
import type { AlertTransition } from "../core/alert.ts";
import type { EpochMs } from "../core/clock.ts";
import { formatDuration } from "../core/duration.ts";
import { formatTime } from "../core/event-codec.ts";
import { tableLines } from "./print-table.ts";

/** So much of an id tells alerts apart. */
const shortId = 8;
/** What an alert is about, in the order of how well people know it; one of none of them is of a site. */
const subjects = ["device", "run", "gateway"] as const;

/** `FreezerWarm freezer-07`. */
export function nameOfAlert({ labels, rule }: Pick<AlertTransition, "labels" | "rule">): string {
  return `${rule.slice(rule.lastIndexOf("/") + 1)} ${aboutOf(labels)}`;
}

/** `freezer-07`, or what there is of it. */
export function aboutOf(labels: AlertTransition["labels"]): string {
  const [first] = subjects.flatMap((label) => labels[label] ?? []);
  return first ?? labels["site"] ?? "";
}

/** A line for each, and below it what people did and what else is to be known. */
export function alertLines(views: readonly AlertView[], nowMs: EpochMs): string[] {
  if (views.length === 0) return ["no alerts"];
  const rows = tableLines([
    ["ID", "SEVERITY", "STATE", "ALERT", "FOR"],
    ...views.map((view) => [
      view.instance.slice(0, shortId),
      view.last?.severity ?? "",
      stateWords(view.state),
      view.last ? nameOfAlert(view.last) : "",
      lastsOf(view, nowMs),
    ]),
  ]);
  const [head = "", ...lines] = rows;
  return [
    head,
    ...lines.flatMap((line, index) => {
      const view = views[index];
      return [line, ...(view ? notesOf(view).map((note) => `          ${note}`) : [])];
    }),
  ];
}

/** What is to be known of an alert beside its state. */
export function notesOf(view: AlertView): string[] {
  const { acked, last, outOfService, shelf, suppressedBy } = view;
  const marks = [
    ...(view.isFlapping ? ["flapping"] : []),
    ...(last?.stale && view.isFiring ? ["its value is stale"] : []),
  ];
  return [
    ...(acked ? [`acknowledged by ${saidText(acked)}`] : []),
    ...(shelf
      ? [
          `shelved until ${formatTime(shelf.untilMs)}${shelf.once ? " or until it is normal" : ""} by ${saidText(shelf)}`,
        ]
      : []),
    ...(outOfService ? [`taken out of service by ${saidText(outOfService)}`] : []),
    ...(suppressedBy ? [`explained by ${nameOfAlert(suppressedBy)}`] : []),
    ...(marks.length > 0 ? [marks.join(", ")] : []),
  ];
}

/** `ana: on my way`. */
export function saidText({ by, reason }: Said): string {
  return reason === undefined ? by : `${by}: ${reason}`;
}

/** How long it has been as it is: since it fired, or since it ended. */
function lastsOf({ last, standingSinceMs }: AlertView, nowMs: EpochMs): string {
  const sinceMs = standingSinceMs ?? Date.parse(last?.ended_at ?? "");
  return Number.isNaN(sinceMs) ? "" : formatDuration(Math.max(0, nowMs - sinceMs));
}

/** An alert with what people did, as JSON. */
export function plainAlert(view: AlertView): object {
  const { last, shelf, standingSinceMs, suppressedBy, ...rest } = view;
  return {
    ...rest,
    shelf: shelf && { ...shelf, until: formatTime(shelf.untilMs) },
    standingSince: standingSinceMs === undefined ? undefined : formatTime(standingSinceMs),
    suppressedBy: suppressedBy?.instance,
    alert: last,
  };
}
