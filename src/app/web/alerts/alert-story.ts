/** The story of one alert: what happened to it and what people did, the latest first. */
import type { AlertPage } from "../../../api/shapes/alert.ts";
import { type AlertTransition, siteOfAlert } from "../../../core/alert.ts";
import { formatDuration } from "../../../core/duration.ts";
import type { OperatorAction } from "../../../core/operator-action.ts";
import { alertSubject, operatorSubject } from "../../../core/subject.ts";
import { formatQuantity } from "../../../core/unit.ts";
import type { StoredTransition } from "../../../stream/alert-log.ts";
import { formerAlertSubject } from "../../../stream/former-alert-subject.ts";
import { readActions, type StoredAction } from "../../../stream/operator-log.ts";
import { readTransitions } from "../../../stream/read-alerts.ts";
import type { Connection } from "../over-backbone.ts";

/** The stream keeps a thousand of each kind. */
const mostChapters = 200;

type Chapter = AlertPage["story"][number];

export async function readStory(
  connection: Connection,
  alert: AlertTransition,
): Promise<Chapter[]> {
  const { instance } = alert;
  const site = siteOfAlert(alert);
  const told: (StoredTransition | StoredAction)[] = [];
  for (const subject of [formerAlertSubject(instance), alertSubject(site, instance)])
    await readTransitions(connection, subject, (read) => told.push(read));
  await readActions(connection, (read) => told.push(read), operatorSubject(site, instance));
  return told
    .sort((one, other) => other.streamSeq - one.streamSeq)
    .slice(0, mostChapters)
    .map((one) => ("transition" in one ? happened(one.transition) : done(one)));
}

/** One transition, in words. */
export function happened(transition: AlertTransition): Chapter {
  const { at, episode, late, limit, observed_at, quiet, reason } = transition;
  const { severity, stale, started_at, state, unit, value } = transition;
  const bounds = limit === undefined ? [] : [limit].flat();
  const words = [
    severity,
    reason === "for_elapsed" ? "its condition held long enough" : reason.replaceAll("_", " "),
    ...(value === undefined ? [] : [formatQuantity(value, unit)]),
    ...(bounds.length === 0
      ? []
      : [`limit ${bounds.map((bound) => formatQuantity(bound, unit)).join(" to ")}`]),
    ...(stale ? ["its value is stale"] : []),
    ...(late ? [`the data came late: it began ${started_at}, and was learned ${observed_at}`] : []),
    ...(quiet ? ["nobody was told"] : []),
  ];
  return {
    atMs: msOf(at),
    what: state,
    text: words.join(", "),
    by: null,
    episode,
    learnedMs: msOf(observed_at),
  };
}

function done({ action, storedMs }: StoredAction): Chapter {
  const { by, episode, verb } = action;
  const words = [...lengthOf(action), ...(action.reason === undefined ? [] : [action.reason])];
  return {
    atMs: storedMs,
    what: verb,
    text: words.join(": "),
    by,
    episode: episode ?? null,
    learnedMs: null,
  };
}

/** Of a shelf: for how long. */
function lengthOf({ at, once, until }: OperatorAction): string[] {
  if (until === undefined) return [];
  const forMs = Date.parse(until) - Date.parse(at);
  return [`for ${formatDuration(forMs)}${once ? " at most, until it is normal" : ""}`];
}

function msOf(time: string): number {
  const ms = Date.parse(time);
  return Number.isNaN(ms) ? 0 : ms;
}
