/** What the process costs, under the names that all programs give it. */
import type { Clock } from "../core/clock.ts";
import type { Metrics } from "../core/metrics.ts";
import { version } from "./version.ts";

/** Gives what sets them: a figure is looked at when somebody asks. */
export function processGauges(metrics: Metrics, clock: Pick<Clock, "wallMs">): () => void {
  const startedSeconds = clock.wallMs() / 1_000 - process.uptime();
  metrics
    .gauge("process_start_time_seconds", "When the process started, since 1970.")
    .set(startedSeconds);
  metrics
    .gauge("gateway_app_info", "1, with the versions of what runs.")
    .set(1, { version, node: process.versions.node });
  const memory = metrics.gauge("process_resident_memory_bytes", "Memory that the process holds.");
  const cpu = metrics.counter("process_cpu_seconds_total", "Processor time that it has used.");
  let countedSeconds = 0;
  return () => {
    memory.set(process.memoryUsage.rss());
    const { system, user } = process.cpuUsage();
    const seconds = (system + user) / 1e6;
    cpu.add(seconds - countedSeconds);
    countedSeconds = seconds;
  };
}
