/** Which rows are chosen, for something done to all of them at once. */

/** Only what is there can be chosen: what left the list is not acted on unseen. */
export function chosenAmong(
  chosen: ReadonlySet<string>,
  shown: readonly string[],
): ReadonlySet<string> {
  return new Set(shown.filter((key) => chosen.has(key)));
}

/** Of the rows `shown`, `keys` are chosen now; what is chosen elsewhere stays. */
export function chooseWithin(
  chosen: ReadonlySet<string>,
  shown: readonly string[],
  keys: ReadonlySet<string>,
): ReadonlySet<string> {
  const within = new Set(shown);
  return new Set([...[...chosen].filter((key) => !within.has(key)), ...keys]);
}
