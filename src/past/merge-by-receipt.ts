import type { PastEntry } from "./past-entry.ts";

interface Head {
  readonly entry: PastEntry;
  readonly rest: AsyncIterator<PastEntry>;
}

/** So many streams are asked for their first entry at once. */
const mostAtOnce = 16;

/**
 * Entries of several streams as one: each stream in its own order, and of what comes next in each the
 * one that was received first. An entry with an earlier time than the one before it in its stream (a
 * clock was set back) follows it all the same.
 */
export async function* mergeByReceipt(
  streams: readonly AsyncIterator<PastEntry>[],
): AsyncGenerator<PastEntry> {
  /** The one that comes next stands last. */
  const heads: Head[] = [];
  for (let at = 0; at < streams.length; at += mostAtOnce) {
    const some = streams.slice(at, at + mostAtOnce);
    const firsts = await Promise.all(some.map((rest) => headOf(rest)));
    for (const head of firsts) if (head) insert(heads, head);
  }
  for (let head = heads.pop(); head; head = heads.pop()) {
    yield head.entry;
    const next = await headOf(head.rest);
    if (next) insert(heads, next);
  }
}

async function headOf(rest: AsyncIterator<PastEntry>): Promise<Head | undefined> {
  const { done, value } = await rest.next();
  return done ? undefined : { entry: value, rest };
}

function insert(heads: Head[], head: Head): void {
  let low = 0;
  let high = heads.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = heads[middle];
    if (other && comesFirst(other.entry, head.entry)) high = middle;
    else low = middle + 1;
  }
  heads.splice(low, 0, head);
}

function comesFirst(one: PastEntry, other: PastEntry): boolean {
  if (one.receivedMs !== other.receivedMs) return one.receivedMs < other.receivedMs;
  return one.stream < other.stream;
}
