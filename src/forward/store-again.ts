import type { Origin } from "../core/event.ts";
import { eventIdOf, type LogPosition, toDeviceId, toSeq } from "../core/ids.ts";
import type { RecordDraft } from "../core/record-draft.ts";
import type { RecordLog } from "../core/record-log.ts";
import { gatewayToken } from "../core/subject.ts";
import { unescapeToken } from "../core/token.ts";
import { appendDurably } from "./append-durably.ts";

/**
 * Appends a copy of a record whose place in the stream was taken: the same event under a new id.
 * Sending it late under its own would break the order that readers of the stream rely on. Resolves
 * when the copy is durable; at once when the log no longer holds the record, since it has declared
 * that itself.
 */
export async function storeAgain(
  log: RecordLog,
  origin: Origin,
  lost: LogPosition,
  signal: AbortSignal,
): Promise<void> {
  const draft = await draftOf(log, origin, lost);
  if (draft) await appendDurably(log, draft, signal);
}

async function draftOf(
  log: RecordLog,
  origin: Origin,
  lost: LogPosition,
): Promise<RecordDraft | undefined> {
  const reader = await log.openReader(toSeq(lost.seq - 1));
  try {
    const [record] = await reader.next(1);
    if (record?.seq !== lost.seq) return undefined;
    const { kind, recordClass, deviceToken } = record;
    const text = new TextDecoder().decode(record.body);
    const oldId = JSON.stringify(eventIdOf(origin.gateway, lost.run, lost.seq));
    return {
      kind,
      recordClass,
      device:
        deviceToken === gatewayToken ? null : toDeviceId(unescapeToken(deviceToken) ?? deviceToken),
      encode: (id) => text.replace(oldId, () => JSON.stringify(id)),
    };
  } finally {
    await reader.close();
  }
}
