/** Rows that hold still: what is shown keeps its place until somebody asks for the news. */

export interface Held<Row> {
  /** In the order that was held. */
  readonly rows: readonly Row[];
  /** Keys of rows that came since and are not shown yet. */
  readonly newer: readonly string[];
}

/**
 * `keys` is what is shown, in its order. A row that changes changes in its place; one that is gone
 * leaves; one that came waits in `newer`.
 */
export function holdRows<Row>(
  keys: readonly string[],
  sorted: readonly Row[],
  keyOf: (row: Row) => string,
): Held<Row> {
  const byKey = new Map(sorted.map((row) => [keyOf(row), row]));
  const shown = new Set(keys);
  return {
    rows: keys.flatMap((key) => byKey.get(key) ?? []),
    newer: [...byKey.keys()].filter((key) => !shown.has(key)),
  };
}
