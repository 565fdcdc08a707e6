import { GatewayError } from "../core/errors.ts";
import type { RecordDraft } from "../core/record-draft.ts";
import type { RecordLog } from "../core/record-log.ts";

/**
 * Appends a record and resolves when it is durable. Rejects with `shutdown` on abort, since the log
 * may be waiting for room, and with the log's failure when it closes.
 */
export function appendDurably(
  log: RecordLog,
  draft: RecordDraft,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void =>
      reject(new GatewayError("shutdown", `asked to stop before a ${draft.kind} was durable`));
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    log.append(draft, (failure) => {
      signal.removeEventListener("abort", abort);
      if (failure) reject(failure);
      else resolve();
    });
  });
}
