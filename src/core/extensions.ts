/**
 * What an event carries beside what every event has: CloudEvents extension attributes, at the top
 * of its JSON. A reader that does not know one passes it on or over; none changes what `data` means.
 */

import type { MessageProperties } from "./message.ts";

/** By name. Texts, whole numbers of 32 bits and truth values: all that CloudEvents has for JSON. */
export type Extensions = Readonly<Record<string, string | number | boolean>>;

/** Those of a message that was kept. */
export const retainedExtensions = { retained: true } as const satisfies Extensions;

/** Those of a message that says nothing new. */
export const staleExtensions = { stale: true } as const satisfies Extensions;

/** Those of a message that somebody made up for a trial. */
export const simulatedExtensions = { simulated: true } as const satisfies Extensions;

/** True for what was not said just now, is not newer than what was said before, or was made up. */
export function provesNoLife(event: { readonly extensions?: Extensions | undefined }): boolean {
  const { extensions } = event;
  return extensions !== undefined && marks.some((name) => extensions[name] === true);
}

/** How an event is judged rests on these. */
const marks = ["retained", "stale", "simulated"] as const;

/** What the attributes of a stranger may take: so many of them, and together so many characters. */
export const mostExtensions = 16;
export const mostExtensionCharacters = 4_096;

const namePattern = /^[a-z0-9]{1,20}$/;
/** Attributes that every event may have: of CloudEvents itself, and our own. */
const taken = new Set([
  ...["specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema"],
  ...["received", "clock", "profile", "devicetime", "data"],
]);

/** What we ourselves say of an event, or look at first, so that no stranger says it in our name. */
const ours = new Set([
  ...["retained", "stale", "simulated", "misfits", "ambiguoustime", "reprocessed", "unread"],
  ...["contenttype", "traceparent", "tracestate"],
]);

/**
 * Those that the publisher of a message names: its user properties whose names can be attributes,
 * within the bounds of a stranger, and the content type as `contenttype`.
 */
export function publishersExtensions({
  contentType,
  user = [],
}: Pick<MessageProperties, "contentType" | "user">): Extensions | undefined {
  const named = user.filter(([name]) => namePattern.test(name) && !ours.has(name));
  const typed = contentType === undefined ? [] : [["contenttype", contentType] as const];
  return readExtensions(Object.fromEntries([...typed, ...named]));
}

/** The text of the attributes, each behind a comma; those that cannot be one are left out. */
export function encodeExtensions(extensions: Extensions): string {
  let text = "";
  for (const [name, value] of Object.entries(extensions))
    if (isExtension(name, value)) text += `,"${name}":${JSON.stringify(value)}`;
  return text;
}

/**
 * The attributes of an event that was read; undefined where it has none. Bounded: what has no room
 * is passed over. The mark of a message that was kept needs none: how an event is judged rests on it.
 */
export function readExtensions(
  attributes: Readonly<Record<string, unknown>>,
): Extensions | undefined {
  let found: Record<string, string | number | boolean> | undefined;
  let count = 0;
  let characters = 0;
  for (const name in attributes) {
    if (taken.has(name)) continue;
    const value = attributes[name];
    if (!isExtension(name, value)) continue;
    if (!isMark(name) || value !== true) {
      const cost = name.length + (typeof value === "string" ? value.length : 0);
      if (count === mostExtensions || characters + cost > mostExtensionCharacters) continue;
      count += 1;
      characters += cost;
    }
    found ??= {};
    found[name] = value;
  }
  return found;
}

function isMark(name: string): boolean {
  return marks.some((mark) => mark === name);
}

function isExtension(name: string, value: unknown): value is string | number | boolean {
  if (!namePattern.test(name) || taken.has(name)) return false;
  if (typeof value === "number")
    return value === Math.trunc(value) && value >= -(2 ** 31) && value < 2 ** 31;
  return typeof value === "string" || typeof value === "boolean";
}
