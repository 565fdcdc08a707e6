/**
 * Topics as profiles write them: `tele/{device}/SENSOR`. Each `{word}` stands for one level;
 * `{device}` names the device, any other word can be used in the names of metrics.
 */

type Level = { readonly literal: string } | { readonly word: string };

/** What the words of a template stood for. */
export type Captures = ReadonlyMap<string, string>;

/** A template taken apart. Made by `parseTopicTemplate` only. */
export interface TopicTemplate {
  /** As written. */
  readonly text: string;
  readonly levels: readonly Level[];
}

/** Takes a template apart; it must contain `{device}` exactly once. */
export function parseTopicTemplate(text: string): TopicTemplate | { readonly problem: string } {
  if (text.includes("+") || text.includes("#"))
    return { problem: `"${text}" is not a template; write {device} or another {word}, not + or #` };
  const levels: Level[] = [];
  const words = new Set<string>();
  for (const level of text.split("/")) {
    const word = /^\{([a-z][a-z_]*)\}$/.exec(level)?.[1];
    if (word === undefined && /[{}]/.test(level))
      return { problem: `"${level}": a {word} fills a whole level` };
    if (word !== undefined && (words.has(word) || word === "key"))
      return { problem: `{${word}} cannot be used ${word === "key" ? "in a topic" : "twice"}` };
    if (word !== undefined) words.add(word);
    levels.push(word === undefined ? { literal: level } : { word });
  }
  if (!words.has("device")) return { problem: `"${text}" does not say where {device} stands` };
  return { text, levels };
}

/** The words other than `device` that a template gives. */
export function wordsOf(template: TopicTemplate): string[] {
  return template.levels.flatMap((level) =>
    "word" in level && level.word !== "device" ? [level.word] : [],
  );
}

/** Compares a whole topic, split at its slashes; undefined when it is another one. */
export function matchTemplate(
  template: TopicTemplate,
  topicLevels: readonly string[],
): Captures | undefined {
  return template.levels.length === topicLevels.length
    ? matchLevels(template.levels, topicLevels)
    : undefined;
}

/**
 * Compares only what stands behind `{device}` with the end of a topic: how the messages of a
 * device with a topic of its own are told apart. Undefined when the ends differ.
 */
export function matchEnding(
  template: TopicTemplate,
  topicLevels: readonly string[],
): Captures | undefined {
  const ending = endingOf(template);
  return ending.length <= topicLevels.length
    ? matchLevels(ending, topicLevels.slice(topicLevels.length - ending.length))
    : undefined;
}

/** True when something stands behind `{device}`. */
export function hasEnding(template: TopicTemplate): boolean {
  return endingOf(template).length > 0;
}

/**
 * Orders two templates so that the one that says more comes first: level by level, a literal
 * before a word, then the longer before the shorter. 0 when both take the same topics.
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
  return level !== undefined && "literal" in level ? 1 : 0;
}

function endingOf(template: TopicTemplate): readonly Level[] {
  const at = template.levels.findIndex((level) => "word" in level && level.word === "device");
  return template.levels.slice(at + 1);
}

function matchLevels(
  levels: readonly Level[],
  topicLevels: readonly string[],
): Captures | undefined {
  const captures = new Map<string, string>();
  for (const [at, level] of levels.entries()) {
    const found = topicLevels[at] ?? "";
    if ("word" in level) captures.set(level.word, ownText(found));
    else if (level.literal !== found) return undefined;
  }
  return captures;
}

/** A copy: a part of a text holds the whole of it in memory, here a topic of up to 64 KiB. */
function ownText(part: string): string {
  return Buffer.from(part, "utf16le").toString("utf16le");
}
