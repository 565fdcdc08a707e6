import type { EventOf } from "../../core/event.ts";
import { provesNoLife } from "../../core/extensions.ts";
import { never } from "../alarms/alarm.ts";

/** A sample that waits for the watermark; its extensions say whether it is new. */
export type PendingSample = Pick<
  EventOf<"measurement">,
  "timeMs" | "receivedMs" | "data" | "extensions"
>;

/** What is needed of an event. */
export function asPending(sample: PendingSample): PendingSample {
  const { timeMs, receivedMs, data, extensions } = sample;
  return { timeMs, receivedMs, data, ...(provesNoLife(sample) && { extensions }) };
}

/** The same at the time it was received. */
export function byReceipt(sample: PendingSample): PendingSample {
  return { ...asPending(sample), timeMs: sample.receivedMs };
}

/** Puts samples in order; almost always they are. */
export function sortByTime(samples: PendingSample[]): void {
  let newestMs = never;
  for (const { timeMs } of samples) {
    if (timeMs < newestMs) {
      samples.sort((a, b) => a.timeMs - b.timeMs);
      return;
    }
    newestMs = timeMs;
  }
}
