/**
 * Finds records in the log by counting. All of it is for the rare cases of a reconcile; each reads
 * the log from front to back, some thousand records at a time.
 */
import { type LogPosition, type RunId, type Seq, toSeq } from "../core/ids.ts";
import type { ReadableLog } from "../core/log-reader.ts";
import type { StoredRecord } from "../core/record.ts";

const batchRecords = 1_000;

/** The run of record `seq`; undefined when the log does not hold it. */
export async function runAt(log: ReadableLog, seq: Seq): Promise<RunId | undefined> {
  const reader = await log.openReader(toSeq(seq - 1));
  try {
    const [record] = await reader.next(1);
    return record?.seq === seq ? record.run : undefined;
  } finally {
    await reader.close();
  }
}

/** The last record of a run; undefined when the log holds none. */
export async function lastOfRun(log: ReadableLog, run: RunId): Promise<LogPosition | undefined> {
  let last: LogPosition | undefined;
  await walkLog(log, toSeq(0), (record) => {
    if (record.run === run) last = positionOf(record);
    return true;
  });
  return last;
}

/** The record `count` sendable ones behind `after`, or the last there is; undefined for none. */
export async function stepForward(
  log: ReadableLog,
  after: Seq,
  count: number,
  isSendable: (record: StoredRecord) => boolean,
): Promise<LogPosition | undefined> {
  let last: LogPosition | undefined;
  let left = count;
  await walkLog(log, after, (record) => {
    if (!isSendable(record)) return true;
    last = positionOf(record);
    left -= 1;
    return left > 0;
  });
  return last;
}

/** The record `count` sendable ones before `from`; undefined when the log does not reach so far. */
export async function stepBack(
  log: ReadableLog,
  from: Seq,
  count: number,
  isSendable: (record: StoredRecord) => boolean,
): Promise<LogPosition | undefined> {
  let records = 0;
  await walkLog(log, toSeq(0), (record) => {
    if (record.seq <= from && isSendable(record)) records += 1;
    return record.seq < from;
  });
  const wanted = records - count;
  return wanted > 0 ? stepForward(log, toSeq(0), wanted, isSendable) : undefined;
}

/** Visits the records behind `after` until `visit` says false or none is left. */
export async function walkLog(
  log: ReadableLog,
  after: Seq,
  visit: (record: StoredRecord) => boolean,
): Promise<void> {
  const reader = await log.openReader(after);
  try {
    for (;;) {
      const records = await reader.next(batchRecords);
      if (records.length === 0) return;
      for (const record of records) if (!visit(record)) return;
    }
  } finally {
    await reader.close();
  }
}

function positionOf({ run, seq }: StoredRecord): LogPosition {
  return { run, seq };
}
