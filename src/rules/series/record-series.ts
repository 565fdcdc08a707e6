/**
 * One series of one key: its panes, and what is told of them. A pane is told when the line has passed its
 * end, and again for as long as it takes late samples. One without samples is not told.
 *
 * `atMs` rises with everything that is told, so that whoever stores it knows what is stored.
 */
import { never } from "../alarms/alarm.ts";
import { type Kept, valueOfKept } from "../panes/aggregate.ts";
import { type Pane, PaneBook, type PaneBookState } from "../panes/pane-book.ts";
import type { NamedRecord } from "./record-rule.ts";

const mostPanes = 4_096;

/** What is told of a pane. */
export interface ToldPane {
  readonly startMs: number;
  readonly endMs: number;
  readonly atMs: number;
  readonly rev: number;
  readonly kept: Kept;
  readonly unit: string | undefined;
}

/** Plain JSON. */
export interface RecordState {
  readonly record: string;
  readonly rev: string;
  readonly book: PaneBookState;
  readonly at?: number;
}

export class RecordSeries {
  readonly record: NamedRecord;
  readonly #book: PaneBook;
  #atMs: number;
  /** Where on the line there is something to tell or to close; `never` to look. */
  #dueMs = never;

  constructor(record: NamedRecord, state?: RecordState) {
    this.record = record;
    this.#book = new PaneBook({ agg: record.agg, grid: record.grid, mostPanes }, state?.book);
    this.#atMs = state?.at ?? never;
  }

  /** Nothing is to be told before the line reaches this. */
  get dueMs(): number {
    return this.#dueMs;
  }

  /** Takes a sample; false where its pane is closed. */
  take(value: number, unit: string | undefined, timeMs: number): boolean {
    this.#dueMs = never;
    return this.#book.add(value, unit, timeMs);
  }

  /** What is to be told now that the line reaches `reachMs`, in order. */
  advance(reachMs: number): readonly ToldPane[] {
    if (reachMs < this.#dueMs) return [];
    const told: ToldPane[] = [];
    for (const pane of this.#book.panes)
      if (pane.rev === 0 && pane.isChanged && pane.endMs <= reachMs)
        told.push(this.#tell(pane, pane.endMs));
    for (const pane of this.#book.panes)
      if (pane.rev > 0 && pane.isChanged)
        told.push(this.#tell(pane, Math.max(pane.endMs, reachMs)));
    this.#close(reachMs);
    return told;
  }

  /** The key is gone: what was not told is told, complete or not. */
  finish(): readonly ToldPane[] {
    return this.#book.panes.flatMap((pane) =>
      pane.isChanged ? [this.#tell(pane, pane.endMs)] : [],
    );
  }

  toState(): RecordState {
    const { record, rev } = this.record;
    return {
      ...{ record, rev, book: this.#book.toState() },
      ...(this.#atMs !== never && { at: this.#atMs }),
    };
  }

  #tell(pane: Pane, atMs: number): ToldPane {
    this.#atMs = Math.max(atMs, this.#atMs + 1);
    pane.isChanged = false;
    pane.rev += 1;
    const { endMs, kept, rev, startMs, unit } = pane;
    return { startMs, endMs, atMs: this.#atMs, rev, kept, unit };
  }

  /** Panes that were told and take nothing any more are forgotten. */
  #close(reachMs: number): void {
    const { latenessMs } = this.record;
    let closedMs = never;
    this.#dueMs = Number.POSITIVE_INFINITY;
    for (const { endMs, rev } of this.#book.panes) {
      const closesMs = rev === 0 ? endMs : endMs + latenessMs;
      if (rev > 0 && closesMs <= reachMs) closedMs = endMs;
      else this.#dueMs = Math.min(this.#dueMs, closesMs);
    }
    if (closedMs !== never) this.#book.close(closedMs);
  }
}

/** The value that is told; undefined where no number can hold it. */
export function valueOfTold({ agg }: NamedRecord, { kept }: ToldPane): number | undefined {
  return valueOfKept(agg, kept);
}
