import type { Metrics } from "../core/metrics.ts";
import type { Processor } from "./processor.ts";

/** Gives what sets the gauges of a processor: its share of the sites, and how they are. */
export function processorGauges(processor: Pick<Processor, "state">, metrics: Metrics): () => void {
  const held = metrics.gauge(
    "gateway_processor_partitions_held",
    "Partitions that this process evaluates.",
  );
  const firing = metrics.gauge(
    "gateway_processor_alerts_firing",
    "Alerts that fire in the partitions of this process.",
  );
  const failing = metrics.gauge(
    "gateway_processor_rules_failing",
    "Rules that fail with what some device sends.",
  );
  return () => {
    const partitions = processor.state().partitions.filter((one) => one.held);
    held.set(partitions.length);
    for (const severity of ["info", "warning", "critical"] as const)
      firing.set(
        partitions.reduce((sum, one) => sum + (one.firing?.counts[severity] ?? 0), 0),
        { severity },
      );
    failing.set(partitions.reduce((sum, one) => sum + (one.failingRules?.length ?? 0), 0));
  };
}
