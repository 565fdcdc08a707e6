/**
 * One level of a topic template: a text as it stands; a `{word}` for all of it or for the rest of it;
 * two words with something between them; or `{word...}`, for this level and those behind it.
 */

export interface WordLevel {
  readonly word: string;
  /** It stands for more than one level where there are more. */
  readonly isMany: boolean;
  /** How the level begins; nothing for most. */
  readonly before: string;
  /** The word behind the first place of `between`. */
  readonly second?: { readonly between: string; readonly word: string };
}

export type Level = { readonly literal: string } | WordLevel;

const wordAtEnd = /^([^{}]*)\{([a-z][a-z_]*)(\.\.\.)?\}$/;
const twoWords = /^([^{}]*)\{([a-z][a-z_]*)\}([^{}]+)\{([a-z][a-z_]*)\}$/;

/** Takes a level apart; the problem is for the author of the profile. */
export function parseLevel(text: string): Level | { readonly problem: string } {
  const [, start = "", first, between, second] = twoWords.exec(text) ?? [];
  if (first !== undefined && between !== undefined && second !== undefined)
    return { word: first, isMany: false, before: start, second: { between, word: second } };
  const [, before = "", word, dots] = wordAtEnd.exec(text) ?? [];
  if (word === undefined)
    return /[{}]/.test(text)
      ? { problem: `"${text}": a {word} fills the end of a level` }
      : { literal: text };
  if (dots !== undefined && before !== "")
    return { problem: `"${text}": {${word}...} fills whole levels` };
  return { word, isMany: dots !== undefined, before };
}

export function isWord(level: Level): level is WordLevel {
  return "word" in level;
}

export function wordsOfLevel(level: Level): readonly string[] {
  if (!isWord(level)) return [];
  return level.second === undefined ? [level.word] : [level.word, level.second.word];
}

/** What each word stands for in this text; undefined where the level is another one. */
export function matchLevel(level: WordLevel, found: string): [string, string][] | undefined {
  const { before, second, word } = level;
  if (!found.startsWith(before)) return undefined;
  const rest = found.slice(before.length);
  if (second === undefined) return [[word, rest]];
  const at = rest.indexOf(second.between);
  return at < 0
    ? undefined
    : [
        [word, rest.slice(0, at)],
        [second.word, rest.slice(at + second.between.length)],
      ];
}
