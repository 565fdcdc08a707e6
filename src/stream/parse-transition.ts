import { type AlertTransition, siteOfAlert } from "../core/alert.ts";
import { isObject } from "../core/is-object.ts";
import { parseAlertSubject } from "../core/subject.ts";
import { formerAlertSubject } from "./former-alert-subject.ts";

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

/**
 * The transition in a message of the alerts stream; undefined when it is none of ours. Whoever may
 * write there is not known, so every field that readers rest on is looked at.
 */
export function parseTransition(body: Uint8Array): AlertTransition | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    return isTransition(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The same where it stands under the subject of its own instance, today's or that of the first
 * version: elsewhere it would be taken for the last word of another alert, or of another partition.
 */
export function parseStoredTransition(
  natsSubject: string,
  body: Uint8Array,
): AlertTransition | undefined {
  const transition = parseTransition(body);
  if (!transition) return undefined;
  const { instance } = transition;
  if (natsSubject === formerAlertSubject(instance)) return transition;
  const named = parseAlertSubject(natsSubject);
  const isOwn = named?.instance === instance && named.site === siteOfAlert(transition);
  return isOwn ? transition : undefined;
}

function isTransition(value: unknown): value is AlertTransition {
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
