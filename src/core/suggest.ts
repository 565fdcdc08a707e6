import { editDistance } from "./edit-distance.ts";

/** Nobody means another word by a longer one. */
const longestWord = 128;

/**
 * The candidate that a person most likely meant by `word`: the nearest one by letters changed,
 * added, left out or swapped; undefined when none is near.
 */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > longestWord) return undefined;
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 0.5;
  const wanted = word.toLowerCase();
  for (const candidate of candidates) {
    // Each letter too many or too few is a change.
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance < Math.min(bestDistance, word.length, candidate.length)) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}
