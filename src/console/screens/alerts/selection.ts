/** Which rows are chosen, for something done to all of them at once. */

export type Ticked = "none" | "some" | "all";

/** Only what is there can be chosen: what left the list is not acted on unseen. */
export function chosenAmong(chosen: ReadonlySet<string>, shown: readonly string[]): string[] {
  return shown.filter((key) => chosen.has(key));
}

/** How the box stands that is for all of `shown`. */
export function tickedOf(chosen: ReadonlySet<string>, shown: readonly string[]): Ticked {
  const { length } = chosenAmong(chosen, shown);
  if (length === 0) return "none";
  return length === shown.length ? "all" : "some";
}

/** Chooses all of `shown`, or none of them where all were; others stay as they are. */
export function toggleAll(chosen: ReadonlySet<string>, shown: readonly string[]): Set<string> {
  const next = new Set(chosen);
  const isAll = tickedOf(chosen, shown) === "all";
  for (const key of shown) {
    if (isAll) next.delete(key);
    else next.add(key);
  }
  return next;
}

export function toggleOne(chosen: ReadonlySet<string>, key: string): Set<string> {
  const next = new Set(chosen);
  if (!next.delete(key)) next.add(key);
  return next;
}

/** From where the last choice was made to here, as with the shift key held. */
export function chooseRange(
  chosen: ReadonlySet<string>,
  shown: readonly string[],
  from: string,
  to: string,
): Set<string> {
  const ends = [shown.indexOf(from), shown.indexOf(to)];
  if (ends.includes(-1)) return toggleOne(chosen, to);
  const [first = 0, last = 0] = ends.sort((one, other) => one - other);
  return new Set([...chosen, ...shown.slice(first, last + 1)]);
}
