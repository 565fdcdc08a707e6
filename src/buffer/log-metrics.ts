/** What the log counts for the outside. */

import type { LogState } from "../core/log-accounts.ts";
import type { Metrics } from "../core/metrics.ts";

/** The instruments of the log. */
export interface LogMetrics {
  committed(records: number, bytes: number): void;
  resent(): void;
  show(state: LogState, nowMs: number): void;
}

export function createLogMetrics(metrics: Metrics): LogMetrics {
  const records = metrics.counter(
    "gateway_buffer_records_committed_total",
    "Records made durable.",
  );
  const bytes = metrics.counter("gateway_buffer_committed_bytes_total", "Bytes made durable.");
  const commits = metrics.counter("gateway_buffer_commits_total", "Disk syncs of the buffer.");
  const resends = metrics.counter(
    "gateway_buffer_resends_total",
    "Messages that were recognized as stored before.",
  );
  const size = metrics.gauge("gateway_buffer_size_bytes", "Bytes of the buffer on disk.");
  const maxSize = metrics.gauge("gateway_buffer_max_bytes", "Most bytes the buffer may take.");
  const waiting = metrics.gauge("gateway_buffer_waiting_records", "Records not confirmed yet.");
  const oldest = metrics.gauge(
    "gateway_buffer_oldest_waiting_seconds",
    "Age of the oldest record that is not confirmed yet.",
  );
  const lost = metrics.gauge(
    "gateway_buffer_lost_records",
    "Records lost since the start, each declared in a gap event.",
  );
  const writable = metrics.gauge(
    "gateway_buffer_writable",
    "1 while records can be made durable, else 0.",
  );
  const slowest = metrics.gauge(
    "gateway_buffer_slowest_commit_seconds",
    "The longest disk sync of the last minute.",
  );
  return {
    committed(recordCount, byteCount) {
      records.add(recordCount);
      bytes.add(byteCount);
      commits.add();
    },
    resent() {
      resends.add();
    },
    show(state, nowMs) {
      size.set(state.sizeBytes);
      maxSize.set(state.maxBytes);
      waiting.set(state.waitingRecords);
      oldest.set(Math.max(0, nowMs - (state.oldestWaitingMs ?? nowMs)) / 1_000);
      lost.set(state.droppedRecords);
      writable.set(state.writable ? 1 : 0);
      slowest.set((state.slowestCommitMs ?? 0) / 1_000);
    },
  };
}
