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
    typeof fields.n === "number" &&
    !Number.isNaN(Date.parse(String(fields.started_at))) &&
    (fields.state === "firing" || fields.state === "ended") &&
    isOfTexts(fields.labels) &&
    isOfTexts(fields.annotations) &&
    (fields.read_up_to === undefined || typeof fields.read_up_to === "string")
  );
}

function isOfTexts(value: unknown): boolean {
  return isObject(value) && Object.values(value).every((text) => typeof text === "string");
}
