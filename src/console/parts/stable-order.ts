/**
 * Rows that stay where they are while what they say changes: who is about to click one must not hit
 * another. Pure.
 */

/** Rows in the order they are shown, and how far that is from the order they would have now. */
export interface StableOrder<Row> {
  /** What is sorted and filtered how; another view begins anew. */
  readonly view: string;
  readonly entries: readonly StableEntry<Row>[];
  /** Rows that would stand elsewhere, or not be there, if all were sorted now. */
  readonly newer: number;
}

export interface StableEntry<Row> {
  readonly key: string;
  /** As it is now; as it was last where it is gone. */
  readonly row: Row;
  /** It does not belong to the view any more, and leaves it when that is sorted anew. */
  readonly isGone: boolean;
}

export interface View<Row> {
  readonly name: string;
  accepts(row: Row): boolean;
  compare(one: Row, other: Row): number;
}

/**
 * The order that follows `last` when the rows are others: what stood stays, new rows come at the end.
 * All are sorted where `last` is of another view, or empty, or not given.
 */
export function nextOrder<Row>(
  rows: ReadonlyMap<string, Row>,
  view: View<Row>,
  last?: StableOrder<Row>,
): StableOrder<Row> {
  const fitting = [...rows].filter(([, row]) => view.accepts(row));
  fitting.sort(
    ([key, row], [otherKey, other]) => view.compare(row, other) || (key < otherKey ? -1 : 1),
  );
  const places = new Map(fitting.map(([key], index) => [key, index]));
  if (last?.view !== view.name || last.entries.length === 0) {
    const entries = fitting.map(([key, row]) => ({ key, row, isGone: false }));
    return { view: view.name, entries, newer: 0 };
  }
  const entries: StableEntry<Row>[] = last.entries.map(({ key, row }) => ({
    key,
    row: rows.get(key) ?? row,
    isGone: !places.has(key),
  }));
  const shown = new Set(entries.map(({ key }) => key));
  for (const [key, row] of fitting) if (!shown.has(key)) entries.push({ key, row, isGone: false });
  const present = entries.flatMap(({ key }) => places.get(key) ?? []);
  const goneCount = entries.length - present.length;
  return { view: view.name, entries, newer: goneCount + fewestMoves(present) };
}

/** How many of these numbers have to be moved, at least, so that they rise. */
export function fewestMoves(numbers: readonly number[]): number {
  // The smallest last number of a rising row of each length; its length is what may stay.
  const lasts: number[] = [];
  for (const number of numbers) {
    let low = 0;
    let high = lasts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((lasts[middle] ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    lasts[low] = number;
  }
  return numbers.length - lasts.length;
}
