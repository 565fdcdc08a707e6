/**
 * Texts with `{words}` in them: parameters of a command, `{id}`, and words of the device's topic.
 */
import type { CommandValue } from "../../core/command.ts";

export type TextPart = string | { readonly word: string };

/** What the words of a template stand for. */
export type WordValues = ReadonlyMap<string, CommandValue>;

/** Why something cannot be filled in, for people. */
export interface Problem {
  readonly problem: string;
}

const word = /\{([a-z][a-z0-9_]*)\}/g;

/** Takes a text apart; braces around anything else stay what they are. */
export function parseText(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const { 0: written, 1: name = "", index } of text.matchAll(word)) {
    if (index > from) parts.push(text.slice(from, index));
    parts.push({ word: name });
    from = index + written.length;
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}

export function wordsOfText(parts: readonly TextPart[]): string[] {
  return parts.flatMap((part) => (typeof part === "string" ? [] : part.word));
}

/** The text with every word filled in. */
export function fillText(parts: readonly TextPart[], values: WordValues): string | Problem {
  let text = "";
  for (const part of parts) {
    const value = typeof part === "string" ? part : values.get(part.word);
    if (value === undefined) return missing(part);
    text += String(value);
  }
  return text;
}

export function missing(part: TextPart): Problem {
  const name = typeof part === "string" ? part : `{${part.word}}`;
  return { problem: `nobody knows what ${name} of this device is` };
}

const mostTopicBytes = 65_535;

/**
 * The topic with every word filled in. What stands for a word comes from whoever issues the command, so
 * it fills no more than its level, and makes no filter of the topic.
 */
export function fillTopic(
  parts: readonly TextPart[],
  values: WordValues,
  params: ReadonlySet<string>,
): string | Problem {
  for (const part of parts) {
    if (typeof part === "string" || !params.has(part.word)) continue;
    const text = String(values.get(part.word) ?? "");
    if (text === "" || /[+#/\p{Cc}\p{Cs}]/u.test(text))
      return { problem: `{${part.word}} stands in a topic and has no text, or one of + # / in it` };
  }
  const topic = fillText(parts, values);
  if (typeof topic !== "string") return topic;
  const isTopic = topic !== "" && !/^\$|[+#\0\p{Cs}]/u.test(topic);
  return isTopic && Buffer.byteLength(topic) <= mostTopicBytes
    ? topic
    : { problem: `"${topic.slice(0, 128)}" is no topic that can be published to` };
}
