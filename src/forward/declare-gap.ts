import type { Clock } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import type { GapRange, Origin } from "../core/event.ts";
import { createEventEncoder } from "../core/event-codec.ts";
import { eventKinds } from "../core/event-kind.ts";
import type { RecordLog } from "../core/record.ts";

export type DeclareGap = (ranges: readonly GapRange[], signal: AbortSignal) => Promise<void>;

/**
 * Gives the function that writes a declared loss into the log. It resolves when the declaration is
 * durable: whoever goes on past the lost records earlier could crash and leave a silent hole.
 * Rejects with `shutdown` on abort and with the log's failure when it closes.
 */
export function createGapDeclarer(log: RecordLog, origin: Origin, clock: Clock): DeclareGap {
  const encodeEvent = createEventEncoder(origin);
  return (ranges, signal) =>
    new Promise((resolve, reject) => {
      const abort = (): void =>
        reject(new GatewayError("shutdown", "asked to stop before a gap was declared"));
      if (signal.aborted) return abort();
      signal.addEventListener("abort", abort, { once: true });
      const nowMs = clock.wallMs();
      const draft = {
        kind: "gap",
        recordClass: eventKinds.gap.recordClass,
        device: null,
        encode: (id) =>
          encodeEvent(
            {
              kind: "gap",
              device: null,
              timeMs: nowMs,
              receivedMs: nowMs,
              clock: "gateway",
              data: { ranges },
            },
            id,
          ),
      } satisfies Parameters<RecordLog["append"]>[0];
      log.append(draft, (failure) => {
        signal.removeEventListener("abort", abort);
        if (failure) reject(failure);
        else resolve();
      });
    });
}
