/**
 * Hides what may be a secret in text that is about to be shown: a person may have written a
 * password where only a reference to one belongs, or into a URL.
 *
 * What is covered keeps its length, so that columns stay true. Rather too much is covered than too
 * little: only the program's own words for failures of the system are shown behind a name of a secret.
 */
import { isSystemReason } from "./system-reason.ts";

const secretWord =
  "(?:secret|pas+w(?:or|ro)?d|password_hash|passphrase|pwd|token|api_?key|private_?key|credential)s?";
const secretName = new RegExp(`${secretWord}$`, "i");
const secretField = new RegExp(`${secretWord}["']?\\s{0,8}:\\s{0,8}`, "gi");
const assigned = new RegExp(`(${secretWord}=)([^&\\s"',}]{1,512})`, "gi");
const userInfo = /(:\/\/)([^\s"'<>]{1,512})(?=@)/g;
const bareUserInfo = /(^|[\s"'[,])([^\s"'[\],:@/]{1,128}:(?!\/\/)[^\s"'@]{1,256})(?=@)/g;
const queryValue = /([?&](?:access_token|token|key|secret|sig|signature|auth)=)([^&\s"']{1,512})/gi;
const bearer = /(\bbearer\s{1,8})([^\s"']{1,2048})/gi;
const passwordHash = /()(\$\d{1,2}\$[^\s"',}]{1,512})/g;

/** True for the names of fields whose values are never shown. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

/** The text with stars over what may be a secret. */
export function maskSecrets(text: string): string {
  let masked = maskAddress(text);
  for (const pattern of [queryValue, assigned, bearer, passwordHash])
    masked = masked.replace(pattern, coverSecond);
  return coverFields(masked);
}

/** The text with stars over user and password of every address in it. */
export function maskAddress(text: string): string {
  return text.replace(userInfo, coverSecond).replace(bareUserInfo, coverSecond);
}

/** As many stars as the text has characters; white space stays. */
export function cover(text: string): string {
  return text.replace(/\S/g, "*");
}

function coverSecond(_: string, before: string, secret: string): string {
  return before + cover(secret);
}

/** Covers values behind names of secrets: to the closing quote, the end of the entry or the line. */
function coverFields(text: string): string {
  let masked = "";
  let at = 0;
  let seen = 0;
  let isInFlow = false;
  for (const match of text.matchAll(secretField)) {
    if (match.index < at) continue;
    const start = match.index + match[0].length;
    const between = text.slice(seen, start + 1);
    const opened = between.lastIndexOf("{");
    const closed = between.lastIndexOf("}");
    if (opened !== closed) isInFlow = opened > closed;
    seen = start + 1;
    if (isSystemReason(text, start)) continue;
    const end = endOfValue(text, start, isInFlow);
    masked += text.slice(at, start) + cover(text.slice(start, end));
    at = end;
  }
  return masked + text.slice(at);
}

function endOfValue(text: string, start: number, isInFlow: boolean): number {
  const first = text[start];
  if (first === "{" || first === "[") return start;
  const closing = first === '"' || first === "'" ? text.indexOf(first, start + 1) : -1;
  if (closing >= 0) return closing + 1;
  const stops = isInFlow ? /[,}\n]/g : /\n/g;
  stops.lastIndex = start;
  return stops.exec(text)?.index ?? text.length;
}
