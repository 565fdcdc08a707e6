import type { Reading } from "../description.ts";
import { slug } from "../slug.ts";
import { compileTemplate, isProblem } from "../template/template.ts";
import { toText } from "./device-entry.ts";

/**
 * What a `device_automation` tells: the word that a button sends, as a text. A device has one message
 * for each word, so those of one topic and type are one reading.
 */
export function triggerOf(
  fields: Readonly<Record<string, unknown>>,
  object: string,
  leftOut: string[],
): Reading | undefined {
  const topic = toText(fields["topic"]);
  if (topic === undefined) return undefined;
  const templateText = toText(fields["value_template"]) ?? "{{ value }}";
  const template = compileTemplate(templateText);
  if (isProblem(template)) {
    leftOut.push(`trigger ${object}: its template is not read: ${template.problem}`);
    return undefined;
  }
  const type = slug(toText(fields["type"]) ?? "trigger");
  return {
    key: `trigger/${topic}/${type}`,
    topic,
    name: type,
    template,
    templateText,
    type: "text",
    alarm: false,
  };
}
