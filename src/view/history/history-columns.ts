/** Columns of one length, as they are drawn; a row of nulls is a gap. */
import type { EpochMs } from "../../core/clock.ts";

/** What was measured within one step, or one value alone. */
export interface Step {
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  readonly count: number;
  readonly firstMs: EpochMs;
  readonly lastMs: EpochMs;
}

export interface HistoryColumns {
  /** 0: each row is one value. */
  readonly stepMs: number;
  readonly atMs: number[];
  readonly min: (number | null)[];
  readonly mean: (number | null)[];
  readonly max: (number | null)[];
}

/** `steps` by time. Each stands in the middle of what it holds, so that no line leads to before it. */
export function columnsOf(steps: readonly Step[], stepMs: number, holeMs: number): HistoryColumns {
  const columns: HistoryColumns = { stepMs, atMs: [], min: [], mean: [], max: [] };
  let before: Step | undefined;
  for (const step of steps) {
    if (before && step.firstMs - before.lastMs > holeMs)
      add(columns, (before.lastMs + step.firstMs) / 2, null, null, null);
    const { count, firstMs, lastMs, max, min, sum } = step;
    add(columns, (firstMs + lastMs) / 2, min, sum / count, max);
    before = step;
  }
  return columns;
}

function add(
  columns: HistoryColumns,
  atMs: number,
  min: number | null,
  mean: number | null,
  max: number | null,
): void {
  columns.atMs.push(Math.round(atMs));
  columns.min.push(min);
  columns.mean.push(mean);
  columns.max.push(max);
}
