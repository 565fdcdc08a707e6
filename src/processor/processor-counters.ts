import type { Counter, Metrics } from "../core/metrics.ts";

export interface ProcessorCounters {
  /** Events that went through the rules. */
  readonly fed: Counter;
  /** Transitions that this process stored. */
  readonly stored: Counter;
  /** Events that the rules fail on. */
  readonly setAside: Counter;
  /** Partitions left because another process had written their checkpoint. */
  readonly fenced: Counter;
}

export function createProcessorCounters(metrics: Metrics): ProcessorCounters {
  const count = (noun: string, help: string): Counter =>
    metrics.counter(`gateway_processor_${noun}_total`, help);
  return {
    fed: count("events", "Events that went through the rules."),
    stored: count("transitions_stored", "Alert transitions that this process stored."),
    setAside: count("events_set_aside", "Events that the rules fail on."),
    fenced: count("partitions_fenced", "Partitions left to another process."),
  };
}
