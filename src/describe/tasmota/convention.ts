/**
 * Tasmota's discovery. It says under which topics a device speaks, and how people call it; what its
 * messages mean is in the profile that comes along, which reads other topics as if they were the usual
 * ones.
 */
import { isObject } from "../../core/is-object.ts";
import { json } from "../../normalize/codecs/json.ts";
import { type Convention, type Description, emptyDescription } from "../description.ts";

const pattern = /^tasmota\/discovery\/([0-9A-Fa-f]{12})\/(?:config|sensors)$/;
/** Prefixes of what the device itself sends; the first one is for commands to it. */
const spoken = [
  ["stat", 1],
  ["tele", 2],
] as const;
const mostFriendlyNames = 8;

export const tasmota: Convention = {
  profile: "tasmota/discovery",
  family: "tasmota",
  groupOf(topic) {
    if (!topic.startsWith("tasmota/discovery/")) return undefined;
    return pattern.exec(topic)?.[1];
  },
  isKept: (topic) => topic.endsWith("/config"),
  read(messages) {
    const [text] = messages.values();
    if (text === undefined) return undefined;
    const decoded = json.decode(text, 0);
    if (!decoded.ok || !isObject(decoded.value))
      return { problem: "the discovery message of a Tasmota is a JSON object" };
    return readConfig(decoded.value);
  },
};

function readConfig(
  config: Readonly<Record<string, unknown>>,
): Description | { readonly problem: string } {
  const word = config["t"];
  if (typeof word !== "string" || !/^[^+#\0]+$/.test(word))
    return { problem: "the discovery message of a Tasmota names no topic (t)" };
  const readAs = new Map<string, string>();
  const prefixes = Array.isArray(config["tp"]) ? config["tp"] : [];
  for (const [usual, place] of spoken) {
    const own = fullTopic(config, word, textOf(prefixes[place]) ?? usual);
    const other = `${usual}/${word}`;
    if (own !== undefined && own !== other) readAs.set(own, other);
  }
  const facts: Record<string, string> = {};
  const note = (name: string, value: unknown): void => {
    const text = textOf(value);
    if (text !== undefined) facts[name] = text.slice(0, 128);
  };
  note("name", config["dn"]);
  note("model", config["md"]);
  note("sw_version", config["sw"]);
  note("serial_number", config["mac"]);
  const friendlyNames = Array.isArray(config["fn"]) ? config["fn"] : [];
  for (const [at, name] of friendlyNames.slice(0, mostFriendlyNames).entries())
    note(`friendly_name_${at + 1}`, name);
  return {
    ...emptyDescription,
    device: word,
    facts: { ...facts, manufacturer: "Tasmota" },
    topics: [`tele/${word}/SENSOR`],
    readAs,
  };
}

/** All but the last level of the device's topics with one prefix; undefined where it says none. */
function fullTopic(
  config: Readonly<Record<string, unknown>>,
  word: string,
  prefix: string,
): string | undefined {
  const form = textOf(config["ft"]);
  if (form === undefined || !form.includes("%prefix%")) return undefined;
  const full = form
    .replaceAll("%hostname%", textOf(config["hn"]) ?? "")
    .replaceAll("%id%", (textOf(config["mac"]) ?? "").slice(-6))
    .replaceAll("%prefix%", prefix)
    .replaceAll("%topic%", word)
    .replace(/\/$/, "");
  return full === "" || full.length > 512 || /[+#\0]/.test(full) ? undefined : full;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
