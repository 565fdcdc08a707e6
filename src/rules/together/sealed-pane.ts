/** A pane of many devices that takes nothing any more. Plain JSON. */
import type { EpochMs } from "../../core/clock.ts";
import { type Agg, joinKept, type Kept } from "../panes/aggregate.ts";

export interface SealedPane {
  readonly startMs: EpochMs;
  readonly kept: Kept;
  /** For how much of it values were known, of all its devices together. */
  readonly coveredMs: number;
  /** For how much of it devices were there, together. */
  readonly presentMs: number;
  /** How many are there at its end. */
  readonly here: number;
  readonly unit?: string;
}

/** What several gateways have of one pane; at least one. */
export function joinPanes(agg: Agg, panes: readonly SealedPane[]): SealedPane | undefined {
  const [first, ...others] = panes;
  if (!first || others.length === 0) return first;
  const kept = [...first.kept];
  let { coveredMs, here, presentMs, unit } = first;
  for (const each of others) {
    joinKept(agg, kept, each.kept);
    coveredMs += each.coveredMs;
    presentMs += each.presentMs;
    here += each.here;
    unit ??= each.unit;
  }
  const { startMs } = first;
  return { startMs, kept, coveredMs, presentMs, here, ...(unit !== undefined && { unit }) };
}
