import type { Metrics } from "../core/metrics.ts";

/** What became of points since the start of the process. */
export interface HistoryCounts {
  readonly points: number;
  readonly refused: number;
  readonly expired: number;
}

export interface HistoryCounters {
  /** All that were written, and those of them that the database did not take. */
  note(written: number, refused: number, expired: number): void;
  counts(): HistoryCounts;
}

export function createHistoryCounters(metrics: Metrics): HistoryCounters {
  const count = (noun: string, help: string) =>
    metrics.counter(`gateway_historian_points_${noun}_total`, help);
  const stored = count("stored", "Points that the database has taken; some of them again.");
  const refusedForEver = count("refused", "Points that the database never takes: dead letters.");
  const tooOld = count("expired", "Points older than the database keeps anything.");
  let counts: HistoryCounts = { points: 0, refused: 0, expired: 0 };
  return {
    note(written, refused, expired) {
      const points = written - refused - expired;
      stored.add(points);
      refusedForEver.add(refused);
      tooOld.add(expired);
      counts = {
        points: counts.points + points,
        refused: counts.refused + refused,
        expired: counts.expired + expired,
      };
    },
    counts: () => counts,
  };
}
