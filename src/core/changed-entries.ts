/**
 * Which entries of a file of named entries are others than before, in words for people; undefined
 * where none is. The values are whatever is another when an entry is; nothing of them is told.
 */
export function changedEntries(
  before: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
): string | undefined {
  const added = [...now.keys()].filter((name) => !before.has(name));
  const removed = [...before.keys()].filter((name) => !now.has(name));
  const changed = [...now].flatMap(([name, value]) =>
    before.has(name) && before.get(name) !== value ? [name] : [],
  );
  const said = Object.entries({ added, changed, removed }).flatMap(([word, names]) =>
    names.length > 0 ? [`${word} ${names.join(", ")}`] : [],
  );
  return said.length > 0 ? said.join("; ") : undefined;
}
