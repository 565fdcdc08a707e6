import { BoundedMap } from "./bounded-map.ts";

/** What is longer is answered anew each time: names are shorter, what a stranger writes may not be. */
const longestCharacters = 1_024;

/**
 * A function of a text that remembers its answers: for the hot path, where the same few names come
 * again and again. `answer` must depend on the text alone.
 */
export function remember<T>(maxEntries: number, answer: (text: string) => T): (text: string) => T {
  const known = new BoundedMap<string, T>(maxEntries);
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const made = answer(text);
    if (text.length <= longestCharacters) known.set(text, made);
    return made;
  };
}
