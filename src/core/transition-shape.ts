import type { AlertTransition } from "./alert.ts";
import { isObject } from "./is-object.ts";

const texts = [
  "id",
  "episode",
  "instance",
  "rule",
  "rule_rev",
  "reason",
  "severity",
] as const satisfies readonly (keyof AlertTransition)[];

const times = [
  "started_at",
  "fired_at",
  "at",
  "observed_at",
] as const satisfies readonly (keyof AlertTransition)[];

/** True for a transition that has every field readers rest on; what else it has is not looked at. */
export function isTransition(value: unknown): value is AlertTransition {
  if (!isObject(value)) return false;
  const fields: Partial<Record<keyof AlertTransition, unknown>> = value;
  return (
    fields.schema === "alert.transition/1" &&
    texts.every((name) => typeof fields[name] === "string") &&
    isPositive(fields.n) &&
    times.every((name) => isTime(fields[name])) &&
    (fields.ended_at === null || isTime(fields.ended_at)) &&
    (fields.state === "firing" || fields.state === "ended") &&
    isOfTexts(fields.labels) &&
    isOfTexts(fields.annotations) &&
    (fields.handling === undefined || isHandling(fields.handling)) &&
    (fields.read_up_to === undefined || typeof fields.read_up_to === "string") &&
    (fields.read_also === undefined || isListOfTexts(fields.read_also))
  );
}

function isTime(value: unknown): boolean {
  return typeof value === "string" && !Number.isNaN(Date.parse(value));
}

function isPositive(value: unknown): boolean {
  return typeof value === "number" && value > 0;
}

/** What people see of it is looked at where it is shown; this is what a notifier rests on. */
function isHandling(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { notify, renotify_every_ms, runbook_url } = value;
  return (
    (notify === undefined || isListOfTexts(notify)) &&
    (renotify_every_ms === undefined || isPositive(renotify_every_ms)) &&
    (runbook_url === undefined || typeof runbook_url === "string")
  );
}

function isListOfTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((text) => typeof text === "string");
}

function isOfTexts(value: unknown): boolean {
  return isObject(value) && Object.values(value).every((text) => typeof text === "string");
}
