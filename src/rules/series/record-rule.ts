/** Rules that make new series out of samples, checked and with every default filled in. */
import type { Quality } from "../../core/measurement.ts";
import type { Agg } from "../panes/aggregate.ts";
import type { PaneGrid } from "../panes/pane-grid.ts";
import type { Select } from "../rule.ts";

/** One entry `record:`. */
export interface RecordRule {
  /** The name of the series; rules ask for it like for a metric. */
  readonly record: string;
  readonly enabled: boolean;
  readonly select: Select;
  readonly metric: string;
  readonly agg: Agg;
  readonly every: string;
  readonly zone: string;
  readonly grid: PaneGrid;
  readonly per: "device" | "gateway";
  /** For so long behind its end a pane takes samples, each of which corrects it. */
  readonly latenessMs: number;
  readonly quality: readonly Quality[];
  /** In place of the samples' own; undefined: theirs. */
  readonly unit: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
}

/** A record with its identity. */
export interface NamedRecord extends RecordRule {
  /** Hash of the fields that evaluate, 8 hex digits. */
  readonly rev: string;
}
