/** The log of a gateway, read for people: from its end backwards, in parts, and never without bounds. */
import { toSeq } from "../../core/ids.ts";
import type { ReadableLog } from "../../core/log-reader.ts";
import type { StoredRecord } from "../../core/record.ts";

const firstPart = 2_000;
const widerBy = 4;
const largestPart = 32_000;
const mostAtOnce = 512;

/**
 * Gives the durable records of the log in parts, the latest part first, each part in order, until
 * `take` gives false or `mostRecords` were read. A body is valid until `take` returns. Gives false
 * where there is more that was not read.
 */
export async function readBackwards(
  log: ReadableLog,
  mostRecords: number,
  take: (part: AsyncIterable<StoredRecord>) => Promise<boolean>,
  signal: AbortSignal,
): Promise<boolean> {
  let upTo: number = log.durableSeq;
  let left = mostRecords;
  for (let size = firstPart; upTo >= log.firstSeq; size = Math.min(largestPart, size * widerBy)) {
    if (left <= 0 || signal.aborted) return false;
    const after = Math.max(log.firstSeq - 1, upTo - Math.min(size, left));
    if (!(await take(recordsOf(log, after, upTo, signal)))) return after < log.firstSeq;
    left -= upTo - after;
    upTo = after;
  }
  return true;
}

/** Those behind `after` and up to `upTo`, in order. */
export async function* recordsOf(
  log: ReadableLog,
  after: number,
  upTo: number,
  signal: AbortSignal,
): AsyncGenerator<StoredRecord> {
  if (after >= upTo) return;
  const reader = await log.openReader(toSeq(after));
  try {
    while (!signal.aborted) {
      const records = await reader.next(mostAtOnce);
      for (const record of records) {
        if (record.seq > upTo) return;
        yield record;
      }
      if (records.length === 0 || (records.at(-1)?.seq ?? upTo) >= upTo) return;
    }
  } finally {
    await reader.close();
  }
}
