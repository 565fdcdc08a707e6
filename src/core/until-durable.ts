import { GatewayError } from "./errors.ts";
import type { Seq } from "./ids.ts";
import type { Durability } from "./log-writer.ts";

/**
 * Resolves when the record is on disk; never when the log is closed before. Rejects with `shutdown`
 * on abort, since the log may be waiting for room.
 */
export function untilDurable(log: Durability, seq: Seq, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      unsubscribe();
      reject(new GatewayError("shutdown", `asked to stop before record ${seq} was durable`));
    };
    const unsubscribe = log.onDurable(() => look());
    const look = (): void => {
      if (log.durableSeq < seq) return;
      unsubscribe();
      signal?.removeEventListener("abort", abort);
      resolve();
    };
    if (signal?.aborted) return abort();
    signal?.addEventListener("abort", abort, { once: true });
    look();
  });
}
