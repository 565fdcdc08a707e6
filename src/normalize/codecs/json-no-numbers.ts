/** What firmwares print where a number should stand and there is none: `nan`, `-inf`, `NaN`. */
import { endOfString } from "./json-strings.ts";

const noNumbers: ReadonlySet<string> = new Set([
  "nan",
  "inf",
  "infinity",
  "none",
  "undefined",
  "nan(ind)",
  "nan(snan)",
]);

/**
 * The text with `null` in place of such words; undefined where it has none, so that what comes back
 * never has any.
 */
export function withoutNoNumbers(text: string): string | undefined {
  const word = /[-+]?[A-Za-z]+(?:\((?:ind|snan)\))?/y;
  const parts: string[] = [];
  let done = 0;
  let at = 0;
  while (at < text.length) {
    if (text.charCodeAt(at) === 0x22) {
      at = endOfString(text, at);
      continue;
    }
    word.lastIndex = at;
    const found = word.exec(text)?.[0];
    if (found !== undefined && noNumbers.has(found.replace(/^[-+]/, "").toLowerCase())) {
      parts.push(text.slice(done, at), "null");
      done = at + found.length;
    }
    at += found?.length ?? 1;
  }
  return parts.length === 0 ? undefined : parts.join("") + text.slice(done);
}
