/** Rows of a topic by key, and what a frame makes of them. Pure. */

export type RowMap = ReadonlyMap<string, object>;

/** Rows as a frame carries them: whole ones by key, null for those that are gone. */
export type RowChanges = Readonly<Record<string, object | null>>;

/** All rows, as a snapshot has them. */
export function rowsOf(snapshot: RowChanges): RowMap {
  const rows = new Map<string, object>();
  for (const [key, row] of Object.entries(snapshot)) if (row !== null) rows.set(key, row);
  return rows;
}

/**
 * The rows with changes in them, as a map of its own: rows that did not change are the same objects,
 * so what draws one sees by identity that there is nothing to do.
 */
export function withChanges(rows: RowMap, changes: RowChanges, mostRows: number): RowMap {
  const next = new Map(rows);
  for (const [key, row] of Object.entries(changes))
    if (row === null) next.delete(key);
    else next.set(key, row);
  for (const key of next.keys()) {
    if (next.size <= mostRows) break;
    next.delete(key);
  }
  return next;
}
