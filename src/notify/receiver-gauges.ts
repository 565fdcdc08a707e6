import type { Clock } from "../core/clock.ts";
import type { Metrics } from "../core/metrics.ts";
import type { Notifier } from "./notifier.ts";

/** Gives what sets the gauges of all receivers. */
export function receiverGauges(
  notifier: Pick<Notifier, "state">,
  metrics: Metrics,
  clock: Pick<Clock, "wallMs">,
): () => void {
  const waiting = metrics.gauge(
    "gateway_notify_waiting_transitions",
    "Transitions that a receiver is to be told of, and was not yet.",
  );
  const failing = metrics.gauge(
    "gateway_notify_failing_seconds",
    "For how long no attempt to tell a receiver has succeeded; 0 where the last one did.",
  );
  return () => {
    const nowMs = clock.wallMs();
    for (const receiver of notifier.state().receivers) {
      const labels = { receiver: receiver.name };
      waiting.set(receiver.waiting, labels);
      const sinceMs = receiver.failing?.sinceMs ?? nowMs;
      failing.set(Math.max(0, nowMs - sinceMs) / 1_000, labels);
    }
  };
}
