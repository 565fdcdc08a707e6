/** Waiting for several files at once costs hardly more than waiting for one. */

/**
 * Does `work` for each item, at most `mostAtOnce` of them at a time; the results come in the order
 * of the items. Where one fails no further one is begun, and it rejects with the first failure once
 * those under way have ended.
 */
export async function sideBySide<Item, Result>(
  items: readonly Item[],
  mostAtOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const failures: unknown[] = [];
  const rest = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of rest) {
      try {
        results[index] = await work(item);
      } catch (failure) {
        failures.push(failure);
      }
      if (failures.length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: mostAtOnce }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}
