/**
 * Does something for each of a list, so many at once, in their order. The next one is asked for when
 * there is room for it. After a failure no more are begun; rejects with the first.
 */
export async function atOnce<T>(
  most: number,
  list: Iterable<T>,
  run: (each: T) => Promise<void>,
): Promise<void> {
  const waiting = list[Symbol.iterator]();
  let hasFailed = false;
  const work = async (): Promise<void> => {
    for (let next = waiting.next(); !next.done && !hasFailed; next = waiting.next())
      try {
        await run(next.value);
      } catch (thrown) {
        hasFailed = true;
        throw thrown;
      }
  };
  await Promise.all(Array.from({ length: most }, work));
}
