import type { Origin } from "../core/event.ts";
import { eventFront, tailOf } from "../core/event-front.ts";
import { type LogPosition, toSeq } from "../core/ids.ts";
import type { ReadableLog } from "../core/log-reader.ts";
import type { LogWriter } from "../core/log-writer.ts";
import type { RecordDraft } from "../core/record-draft.ts";
import { appendDurably } from "./append-durably.ts";

/**
 * Appends a copy of a record whose place in the stream was taken: the same event under a new id.
 * Sending it late under its own would break the order that readers of the stream rely on. Resolves
 * when the copy is durable; at once when the log no longer holds the record, since it has declared
 * that itself.
 */
export async function storeAgain(
  log: LogWriter & ReadableLog,
  origin: Origin,
  lost: LogPosition,
  signal: AbortSignal,
): Promise<void> {
  const draft = await draftOf(log, origin, lost);
  if (draft) await appendDurably(log, draft, signal);
}

async function draftOf(
  log: LogWriter & ReadableLog,
  origin: Origin,
  lost: LogPosition,
): Promise<RecordDraft | undefined> {
  const reader = await log.openReader(toSeq(lost.seq - 1));
  try {
    const [record] = await reader.next(1);
    if (record?.seq !== lost.seq) return undefined;
    const { kind, recordClass, deviceToken } = record;
    const text = new TextDecoder().decode(record.body);
    const tail = tailOf(text, eventFront(origin.gateway, lost.run), lost.seq);
    return tail === undefined ? undefined : { kind, recordClass, deviceToken, tail };
  } finally {
    await reader.close();
  }
}
