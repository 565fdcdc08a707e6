/** Where an entity says whether its device is there. */
import { isObject } from "../../core/is-object.ts";
import type { Presence } from "../description.ts";
import { compileTemplate, isProblem, type Template } from "../template/template.ts";
import { toText as toPrinted } from "../template/template-value.ts";
import { toText } from "./device-entry.ts";

/**
 * The value of a template where the entity is available by the same message. Some firmwares say so of a
 * value that is not in the message, and have a made-up one in its template.
 */
export function whileAvailable(
  template: Template,
  topic: string,
  presences: readonly Presence[],
): Template {
  const guard = presences.find((one) => one.topic === topic && one.template !== undefined);
  const ask = guard?.template;
  if (guard === undefined || ask === undefined) return template;
  return (message) => {
    const word = toPrinted(ask(message));
    return word !== undefined && guard.online.includes(word) ? template(message) : undefined;
  };
}

/** More than this many topics say nothing more. */
const mostPresences = 4;

export function presencesOf(
  fields: Readonly<Record<string, unknown>>,
  leftOut: string[],
): Presence[] {
  const { availability } = fields;
  const listed = Array.isArray(availability) ? availability.filter(isObject) : [];
  const entries =
    listed.length > 0
      ? listed
      : [
          {
            topic: fields["availability_topic"],
            value_template: fields["availability_template"],
            payload_available: fields["payload_available"],
            payload_not_available: fields["payload_not_available"],
          },
        ];
  return entries.slice(0, mostPresences).flatMap((entry) => presenceOf(entry, leftOut) ?? []);
}

function presenceOf(
  entry: Readonly<Record<string, unknown>>,
  leftOut: string[],
): Presence | undefined {
  const topic = toText(entry["topic"]);
  if (topic === undefined) return undefined;
  const text = toText(entry["value_template"]);
  const template = text === undefined ? undefined : compileTemplate(text);
  if (template !== undefined && isProblem(template)) {
    leftOut.push(`availability on ${topic}: its template is not read: ${template.problem}`);
    return undefined;
  }
  return {
    topic,
    online: [toText(entry["payload_available"]) ?? "online"],
    offline: [toText(entry["payload_not_available"]) ?? "offline"],
    template,
  };
}
