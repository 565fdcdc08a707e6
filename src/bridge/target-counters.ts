import type { Metrics } from "../core/metrics.ts";

/** What became of events for one target since the start of the process. */
export interface TargetCounts {
  readonly carried: number;
  /** Set aside: the target refuses them for ever, or people wanted that. */
  readonly aside: number;
  /** Gone from their streams before they were carried. */
  readonly missed: number;
  /** Came back from the target through a gateway, and were not carried again. */
  readonly echoes: number;
}

export interface TargetCounters {
  note(what: keyof TargetCounts, events: number): void;
  /** How far behind the target is, and for how long it takes nothing. */
  show(behind: number, failingMs: number): void;
  counts(): TargetCounts;
}

export function createTargetCounters(metrics: Metrics, target: string): TargetCounters {
  const labels = { target };
  const count = (noun: string, help: string) =>
    metrics.counter(`gateway_bridge_events_${noun}_total`, help);
  const counters = {
    carried: count("carried", "Events that a target has taken; some of them again."),
    aside: count("set_aside", "Events that a target never gets: refused for ever, or skipped."),
    missed: count(
      "missed",
      "Events that their stream let go of before a target got them, at most.",
    ),
    echoes: count("echoed", "Events that came back from a target and were not carried again."),
  };
  const behindGauge = metrics.gauge(
    "gateway_bridge_messages_behind",
    "Messages of all streams that a target has not got.",
  );
  const failingGauge = metrics.gauge(
    "gateway_bridge_failing_seconds",
    "For how long a target has taken nothing; 0 while it is well.",
  );
  const counts = { carried: 0, aside: 0, missed: 0, echoes: 0 };
  return {
    note(what, events) {
      counts[what] += events;
      counters[what].add(events, labels);
    },
    show(behind, failingMs) {
      behindGauge.set(behind, labels);
      failingGauge.set(failingMs / 1_000, labels);
    },
    counts: () => ({ ...counts }),
  };
}
