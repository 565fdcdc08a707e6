import { type AlertTransition, siteOfAlert } from "../core/alert.ts";
import { parseAlertSubject } from "../core/subject.ts";
import { isTransition } from "../core/transition-shape.ts";
import { formerAlertSubject } from "./former-alert-subject.ts";

/** With what is told of it, a dead letter still is a message. */
const mostBytes = 512 * 1024;

/**
 * The transition in a message of the alerts stream; undefined when it is none of ours. Whoever may
 * write there is not known, so every field that readers rest on is looked at.
 */
export function parseTransition(body: Uint8Array): AlertTransition | undefined {
  if (body.length > mostBytes) return undefined;
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
