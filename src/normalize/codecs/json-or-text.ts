import type { TextCodec } from "./codec.ts";
import { json } from "./json.ts";
import { text } from "./text.ts";

/** A longer text, or one of several lines, is no reading. */
const maxBareLength = 256;

/** JSON where the payload looks like it, else a bare number or word. */
export const jsonOrText: TextCodec = {
  name: "json-or-text",
  about: "JSON, or a bare number or word, for topics of both kinds",
  reads: "text",
  decode(payload, receivedMs) {
    if (isBare(payload) && !beginsAsJson(payload)) return text.decode(payload, receivedMs);
    const decoded = json.decode(payload, receivedMs);
    return decoded.ok || !isBare(payload) ? decoded : text.decode(payload, receivedMs);
  },
  example: { payload: "off", value: "off" },
};

/** Not the beginning of a JSON text that was cut off or is wrong. */
function isBare(payload: string): boolean {
  if (payload === "" || payload.length > maxBareLength) return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return !/^[\s]*[[{"]/.test(payload) && !/[\u0000-\u001f]/.test(payload);
}

/** Numbers, and words that JSON has or that firmwares print for no number. */
function beginsAsJson(payload: string): boolean {
  return /^\s*[-+\dtfniu]/i.test(payload);
}
