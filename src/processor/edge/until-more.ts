import type { Clock } from "../../core/clock.ts";
import type { Seq } from "../../core/ids.ts";
import type { Durability } from "../../core/log-writer.ts";

/** Resolves when the log has something durable behind `seq`, at a moment, or soon after the signal. */
export function untilMore(
  log: Durability,
  seq: Seq,
  atMs: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      unsubscribe();
      timer.cancel();
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const look = (): void => {
      if (log.durableSeq > seq) finish();
    };
    const unsubscribe = log.onDurable(look);
    const timer = clock.setTimer(Math.max(0, atMs - clock.monotonicMs()), finish);
    signal.addEventListener("abort", finish, { once: true });
    if (signal.aborted) finish();
    else look();
  });
}
