/**
 * Names as values of tags in line protocol.
 *
 * The protocol has no way to write a line break, and none to write a backslash that the next
 * character does not change the meaning of; both have let strangers write points of their own. So
 * these, and all other control characters, are written as URLs write them, `%0A`. Different names
 * stay different: a `%` that would read as one of these is written so itself.
 */
import { fnv1a64 } from "../core/fnv1a.ts";
import { remember } from "../core/remember.ts";
import { beginning } from "./beginning.ts";

const maxNames = 65_536;
/** A whole series key may have 65,535 bytes; four names of this length are far below. */
const maxCharacters = 512;
const keptCharacters = 480;

const unwritable = /[\p{Cc}\p{Cs}\\]|%(?=[0-9A-Fa-f]{2}|u[0-9A-F]{4})/gu;
const escaped = /[ ,=]/g;

/** A name as text that the protocol can carry, before it is escaped; what people see and query. */
export function writableName(name: string): string {
  const text = name.replace(unwritable, percent);
  if (text.length <= maxCharacters) return text;
  return `${beginning(text, keptCharacters)}~${fnv1a64(name)}`;
}

const percentWritten = /%(?:u([0-9A-F]{4})|([0-9A-F]{2}))/g;

/** The name behind what stands in a tag; one that was cut stays so. */
export function readableName(text: string): string {
  return text.replace(percentWritten, (_, long: string | undefined, short: string | undefined) =>
    String.fromCharCode(Number.parseInt(long ?? short ?? "", 16)),
  );
}

/** A name as it stands in tags, escaped for a line; an empty name has no text, and its tag must be left out. */
export const tagText = remember(maxNames, (name: string) =>
  writableName(name).replace(escaped, "\\$&"),
);

/** `,key=value`; nothing for an empty name, since a tag without a value would be refused. */
export function tag(key: string, name: string): string {
  return name === "" ? "" : `,${key}=${tagText(name)}`;
}

function percent(character: string): string {
  const code = character.charCodeAt(0);
  const digits = code.toString(16).toUpperCase();
  return code > 0xff ? `%u${digits}` : `%${digits.padStart(2, "0")}`;
}
