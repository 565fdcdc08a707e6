import { GatewayError } from "../core/errors.ts";
import type { LogWriter } from "../core/log-writer.ts";
import type { RecordDraft } from "../core/record-draft.ts";
import { untilDurable } from "../core/until-durable.ts";

/**
 * Appends a record and resolves when it is durable. Rejects with `shutdown` on abort, since the log
 * may be waiting for room.
 */
export async function appendDurably(
  log: LogWriter,
  draft: RecordDraft,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted)
    throw new GatewayError("shutdown", `asked to stop before a ${draft.kind} was appended`);
  await untilDurable(log, log.append(draft), signal);
}
