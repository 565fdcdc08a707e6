/** Words that are in a message: of its model, its component, its channel. */
import type { Profile } from "./profile.ts";
import type { Captures } from "./topics/topic-template.ts";
import { readFirst } from "./whose.ts";

/** The words of the topic and those that the message, or the member of one, says itself. */
export function wordsOfMessage(
  { words: mappings }: Profile,
  words: Captures,
  value: unknown,
  whole: unknown,
): Captures {
  if (mappings.length === 0) return words;
  const all = new Map(words);
  for (const { paths, word } of mappings) {
    const found = readFirst(paths, value, whole);
    if (found !== undefined) all.set(word, found);
  }
  return all;
}
