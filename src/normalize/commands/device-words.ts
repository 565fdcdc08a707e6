/** The words that the topics of a device have for it: what `{device}` and the others stand for. */
import type { KnownDevice } from "../known-device.ts";
import { nameDevice } from "../topics/device-name.ts";
import { matchTemplate, type TopicTemplate } from "../topics/topic-template.ts";

/**
 * By its own topic where the configuration names one, else by its id, which was made of them; `device`
 * is always one.
 */
export function wordsOfDevice({ configured, id, profile, word }: KnownDevice): Map<string, string> {
  const own = configured?.topic?.split("/");
  for (const template of own === undefined ? [] : profile.topics) {
    const found = matchTemplate(template, levelsMeant(template, own ?? []));
    const words = [...(found ?? [])].filter(([, text]) => !/[+#]/.test(text));
    if (words.some(([name]) => name === "device")) return new Map(words);
  }
  const { words } = profile.naming;
  const known = wordsOfId(id, profile.naming.family, words);
  const device = word ?? (configured === undefined ? known.get("device") : undefined) ?? id;
  return new Map([...known, ["device", device]]);
}

/** The levels of a filter, as the template has them where the filter leaves them open. */
function levelsMeant({ levels }: TopicTemplate, filter: readonly string[]): string[] {
  const rest = filter.at(-1) === "#" ? filter.length - 1 : filter.length;
  const open = levels.slice(rest).map((level) => ("literal" in level ? level.literal : "+"));
  const written = filter.slice(0, rest).map((text, at) => {
    const level = levels[at];
    return text === "+" && level !== undefined && "literal" in level ? level.literal : text;
  });
  return rest < filter.length ? [...written, ...open] : written;
}

/** The way back of `nameDevice`; without words where the id was not made by it. */
function wordsOfId(id: string, family: string, names: readonly string[]): Map<string, string> {
  if (!id.startsWith(`${family}-`)) return new Map();
  const found = new Map<string, string>();
  let rest = id.slice(family.length + 1);
  for (const name of names) {
    const end = /(?<!-)(?:--)*-(?!-)/.exec(rest);
    if (!end) return new Map();
    const until = end.index + end[0].length - 1;
    found.set(
      name,
      rest
        .slice(0, until)
        .replace(/--/g, "-")
        .replace(/^=(?=[-=])/, ""),
    );
    rest = rest.slice(until + 1);
  }
  found.set("device", names.length > 0 ? rest.replace(/^=(?=[-=])/, "") : rest);
  return nameDevice({ family, words: names }, found) === id ? found : new Map();
}
