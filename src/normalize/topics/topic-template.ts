/**
 * Topics as profiles write them: `tele/{device}/SENSOR`. A `{word}` stands for one level, or for the
 * rest of one that begins as written: `status/switch:{channel}`; two share a level where something
 * stands between them: `{component}:{channel}`. `{word...}` stands for one level or more. `{device}`
 * names the device, any other word can be used in the names of metrics.
 */

import { ownText } from "../../core/own-text.ts";
import { isWord, type Level, matchLevel, parseLevel, wordsOfLevel } from "./topic-level.ts";

/** A word does not stand for more: it would be in the names of metrics, with each event. */
const mostCharacters = 256;

/** What the words of a template stood for. */
export type Captures = ReadonlyMap<string, string>;

/** A template taken apart. Made by `parseTopicTemplate` only. */
export interface TopicTemplate {
  /** As written. */
  readonly text: string;
  readonly levels: readonly Level[];
}

/** Takes a template apart; the problem is for the author of the profile. */
export function parseTopicTemplate(text: string): TopicTemplate | { readonly problem: string } {
  if (text.includes("+") || text.includes("#"))
    return { problem: `"${text}" is not a template; write {device} or another {word}, not + or #` };
  const levels: Level[] = [];
  const words = new Set<string>();
  let many: string | undefined;
  for (const level of text.split("/")) {
    const parsed = parseLevel(level);
    if ("problem" in parsed) return parsed;
    for (const word of wordsOfLevel(parsed)) {
      if (words.has(word) || word === "key")
        return { problem: `{${word}} cannot be used ${word === "key" ? "in a topic" : "twice"}` };
      words.add(word);
    }
    if (isWord(parsed) && parsed.isMany) {
      const { word } = parsed;
      if (many !== undefined)
        return {
          problem: `"${text}": only one of {${many}...} and {${word}...} can be told apart`,
        };
      many = word;
    }
    levels.push(parsed);
  }
  return { text, levels };
}

/** True when the template says which device it is. */
export function namesDevice({ levels }: TopicTemplate): boolean {
  return levels.some((level) => wordsOfLevel(level).includes("device"));
}

/** The words other than `device` that a template gives. */
export function wordsOf(template: TopicTemplate): string[] {
  return template.levels.flatMap(wordsOfLevel).filter((word) => word !== "device");
}

/** Compares a whole topic, split at its slashes; undefined when it is another one. */
export function matchTemplate(
  { levels }: TopicTemplate,
  topicLevels: readonly string[],
): Captures | undefined {
  return matchLevels(levels, topicLevels);
}

/**
 * Compares a topic of a device that has topics of its own: the whole of it, else its end with what
 * stands behind `{device}`, where something does. A `{word...}` in there is one level, since nobody can
 * tell where it begins.
 */
export function matchOwnTopic(
  template: TopicTemplate,
  topicLevels: readonly string[],
): Captures | undefined {
  const ending = endingOf(template);
  const at = topicLevels.length - ending.length;
  const isEnding = ending.length > 0 && at >= 0;
  return (
    matchTemplate(template, topicLevels) ??
    (isEnding ? matchLevels(ending, topicLevels.slice(at)) : undefined)
  );
}

/**
 * Orders two templates so that the one that says more comes first: level by level, a literal before
 * a word whose surroundings are known before a word before a word of many levels, then the longer before the shorter. 0 when both take the same
 * topics.
 */
export function compareTemplates(one: TopicTemplate, other: TopicTemplate): number {
  const length = Math.min(one.levels.length, other.levels.length);
  for (let at = 0; at < length; at += 1) {
    const difference = rankOf(other.levels[at]) - rankOf(one.levels[at]);
    if (difference !== 0) return difference;
  }
  return other.levels.length - one.levels.length;
}

function rankOf(level: Level | undefined): number {
  if (level === undefined || (isWord(level) && level.isMany)) return 0;
  if (isWord(level)) return level.before === "" && level.second === undefined ? 1 : 2;
  return 3;
}

function endingOf({ levels }: TopicTemplate): readonly Level[] {
  const at = levels.findIndex((level) => wordsOfLevel(level).includes("device"));
  return at < 0 ? [] : levels.slice(at + 1);
}

/** Each level of the template takes one of the topic; the one of many takes those that are left. */
function matchLevels(
  levels: readonly Level[],
  topicLevels: readonly string[],
): Captures | undefined {
  const spare = topicLevels.length - levels.length;
  if (spare < 0) return undefined;
  const captures = new Map<string, string>();
  let hasMany = false;
  let at = 0;
  for (const level of levels) {
    const isMany = isWord(level) && level.isMany;
    const end = isMany ? at + spare + 1 : at + 1;
    hasMany ||= isMany;
    if (isWord(level)) {
      const found = topicLevels.slice(at, end).join("/");
      const parts = found.length > mostCharacters ? undefined : matchLevel(level, found);
      if (parts === undefined) return undefined;
      for (const [word, part] of parts) captures.set(word, ownText(part));
    } else if (level.literal !== topicLevels[at]) return undefined;
    at = end;
  }
  return hasMany || spare === 0 ? captures : undefined;
}
