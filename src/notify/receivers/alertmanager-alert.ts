/** Transitions as alerts of Alertmanager, API v2. */
import type { AlertTransition } from "../../core/alert.ts";
import type { EpochMs } from "../../core/clock.ts";
import { formatTime } from "../../core/event-codec.ts";
import { formatQuantity } from "../../core/unit.ts";
import { alertNameOf } from "../alert-text.ts";

export interface PostedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
}

/** It fires until a moment, unless it is said again. */
export function firingAlert(transition: AlertTransition, untilMs: EpochMs): PostedAlert {
  return {
    ...partsOf(transition),
    startsAt: transition.fired_at,
    endsAt: formatTime(untilMs),
  };
}

/** It ended; its labels and severity are those under which it fired. */
export function endedAlert(transition: AlertTransition): PostedAlert {
  const { at, ended_at, fired_at } = transition;
  // An end before its beginning is refused with all that stands beside it.
  const endMs = Math.max(Date.parse(ended_at ?? at), Date.parse(fired_at));
  return {
    ...partsOf(transition),
    startsAt: fired_at,
    endsAt: Number.isNaN(endMs) ? fired_at : formatTime(endMs),
  };
}

/**
 * What tells alerts apart there. A group of rules is a label, since rules of two groups may have one
 * name; what is empty is none.
 */
export function alertmanagerLabels(transition: AlertTransition): Record<string, string> {
  const { labels, rule, severity } = transition;
  const own = { alertname: alertNameOf(rule), alertgroup: groupOf(rule), severity };
  return mapNames({ ...own, ...labels, ...own });
}

/** True for two that are one alert there. */
export function isSameAlert(one: AlertTransition, other: AlertTransition): boolean {
  return keyOf(one) === keyOf(other);
}

function keyOf(transition: AlertTransition): string {
  const labels = Object.entries(alertmanagerLabels(transition));
  return JSON.stringify(labels.sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function alertmanagerAnnotations(transition: AlertTransition): Record<string, string> {
  const { annotations, handling, unit, value } = transition;
  return mapNames({
    ...(value !== undefined && { value: formatQuantity(value, unit) }),
    ...(handling?.runbook_url !== undefined && { runbook_url: handling.runbook_url }),
    ...annotations,
  });
}

/** Two labels that are one there, in words; undefined where each keeps a name of its own. */
export function collisionOf({ labels }: AlertTransition): string | undefined {
  const taken = new Map([
    ["alertname", "alertname"],
    ["alertgroup", "alertgroup"],
    ["severity", "severity"],
  ]);
  for (const name of Object.keys(labels)) {
    const mapped = mapName(name);
    const other = taken.get(mapped);
    if (other !== undefined && other !== name)
      return `the labels ${other} and ${name} are both ${mapped} at Alertmanager; rename one of them`;
    taken.set(mapped, name);
  }
  return undefined;
}

function partsOf(transition: AlertTransition): Pick<PostedAlert, "labels" | "annotations"> {
  return {
    labels: alertmanagerLabels(transition),
    annotations: alertmanagerAnnotations(transition),
  };
}

/** The fields under names that Alertmanager takes, without those that are empty. */
export function mapNames(fields: Readonly<Record<string, string>>): Record<string, string> {
  const mapped: [string, string][] = [];
  for (const [name, text] of Object.entries(fields))
    if (text !== "") mapped.push([mapName(name), text]);
  return Object.fromEntries(mapped);
}

/** Names before Alertmanager 0.27 are those of Prometheus; one wrong name and the alert is refused. */
function mapName(name: string): string {
  const mapped = name.replace(/[^A-Za-z0-9_]/g, "_");
  return /^[A-Za-z_]/.test(mapped) ? mapped : `_${mapped}`;
}

function groupOf(rule: string): string {
  return rule.includes("/") ? rule.slice(0, rule.indexOf("/")) : "";
}
