/** The log of a gateway, read for people: from its end backwards, in parts, and never without bounds. */
import { toSeq } from "../../../core/ids.ts";
import type { ReadableLog } from "../../../core/log-reader.ts";
import type { StoredRecord } from "../../../core/record.ts";

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

/** The first record that is held and was appended then or later, and when the very first was. */
export async function firstSince(
  log: ReadableLog,
  sinceMs: number,
): Promise<{ readonly seq: number; readonly firstMs: number | undefined }> {
  const upTo = log.durableSeq;
  const firstMs = (await nextBehind(log, log.firstSeq - 1))?.appendedMs;
  let low: number = log.firstSeq;
  let high = upTo + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const found = await nextBehind(log, middle - 1);
    if (found !== undefined && found.appendedMs < sinceMs) low = Math.max(middle, found.seq) + 1;
    else high = middle;
  }
  return { seq: low, firstMs };
}

async function nextBehind(
  log: ReadableLog,
  after: number,
): Promise<Pick<StoredRecord, "appendedMs" | "seq"> | undefined> {
  const reader = await log.openReader(toSeq(Math.max(0, after)));
  try {
    const [found] = await reader.next(1);
    return found && { appendedMs: found.appendedMs, seq: found.seq };
  } finally {
    await reader.close();
  }
}
