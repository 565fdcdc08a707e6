/** What each value in some messages seems to be. */
import { type Guess, guess, snakeCase } from "./guess-metric.ts";
import { leavesOf } from "./leaves.ts";

/** Names are from the last key; where two would have one, from all keys. */
export function guessesOf(messages: readonly unknown[]): Guess[] {
  const leaves = leavesOf(messages);
  const short = leaves.map(({ keys }) => snakeCase(keys.at(-1) ?? "") || "value");
  return leaves.map((leaf, at) => {
    const isAlone = short.indexOf(short[at] ?? "") === short.lastIndexOf(short[at] ?? "");
    const name = isAlone ? short[at] : snakeCase(leaf.keys.join("_"));
    return guess(leaf, (name || `value_${at}`).slice(0, 64));
  });
}
