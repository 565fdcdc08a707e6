/** Keys of which only a part is known: `Switch*`, `switch:*`, `*-??????`. */
import { matchesGlob } from "../../core/glob.ts";

/** Made by `parseKeyPattern` only. */
export interface KeyPattern {
  readonly before: string;
  readonly after: string;
  /** Of more than one sign; then the whole key is what was found. */
  readonly glob?: string;
}

/** Takes a key with a `*` in it apart. */
export function parseKeyPattern(text: string): KeyPattern {
  const star = text.indexOf("*");
  const before = text.slice(0, star);
  const after = text.slice(star + 1);
  return /[*?]/.test(before + after) ? { before: "", after: "", glob: text } : { before, after };
}

/** What the star stands for in this key, which may be nothing; undefined where the key is another. */
export function findInKey({ after, before, glob }: KeyPattern, key: string): string | undefined {
  if (glob !== undefined) return matchesGlob(glob, key) ? key : undefined;
  const end = key.length - after.length;
  return end >= before.length && key.startsWith(before) && key.endsWith(after)
    ? key.slice(before.length, end)
    : undefined;
}

/** True for a key that is listed, whole or in part. */
export function isAmong(
  keys: ReadonlySet<string>,
  patterns: readonly KeyPattern[],
  key: string,
): boolean {
  return keys.has(key) || patterns.some((pattern) => findInKey(pattern, key) !== undefined);
}
