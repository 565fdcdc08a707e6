/** The panes of one series that are still open: for samples to come, or for windows that reach back. */
import type { EpochMs } from "../../core/clock.ts";
import { type Agg, addSample, type Kept, nothingKept } from "./aggregate.ts";
import type { PaneGrid } from "./pane-grid.ts";

/** What is known of a pane. */
export interface Pane {
  readonly startMs: EpochMs;
  readonly endMs: EpochMs;
  readonly kept: Kept;
  /** For how much of it a value was known, of all its devices together. */
  coveredMs: number;
  unit: string | undefined;
  /** It has samples that were not told of. */
  isChanged: boolean;
  /** How often it was told of. */
  rev: number;
}

/** Plain JSON. */
export interface PaneBookState {
  readonly panes: readonly SavedPane[];
  readonly closed?: number;
}

type SavedPane = readonly [
  startMs: number,
  endMs: number,
  kept: readonly number[],
  coveredMs: number,
  isChanged: 0 | 1,
  rev: number,
  unit?: string,
];

export interface PaneBookSpec {
  readonly agg: Agg;
  readonly grid: PaneGrid;
  /** More than so many are never open: the oldest are closed for good. */
  readonly mostPanes: number;
}

export class PaneBook {
  readonly #spec: PaneBookSpec;
  /** In order of time. */
  readonly #panes: Pane[];
  /** Panes that begin before this take nothing any more. */
  #closedMs: number;

  constructor(spec: PaneBookSpec, state?: PaneBookState) {
    this.#spec = spec;
    this.#closedMs = state?.closed ?? Number.NEGATIVE_INFINITY;
    this.#panes = (state?.panes ?? []).map(
      ([startMs, endMs, kept, coveredMs, isChanged, rev, unit]) => ({
        startMs,
        endMs,
        kept: [...kept],
        coveredMs,
        isChanged: isChanged === 1,
        rev,
        unit,
      }),
    );
  }

  get panes(): readonly Pane[] {
    return this.#panes;
  }

  /** Takes a sample; false where its pane is closed for good. */
  add(value: number, unit: string | undefined, timeMs: EpochMs): boolean {
    const pane = this.#find(timeMs);
    if (!pane) return false;
    addSample(this.#spec.agg, pane.kept, value, timeMs);
    pane.unit = unit ?? pane.unit;
    pane.isChanged = true;
    return true;
  }

  /**
   * A value was known from `fromMs` to `toMs`; what lies in closed panes is left out. `times` -1 takes
   * that back.
   */
  cover(fromMs: EpochMs, toMs: EpochMs, times: 1 | -1 = 1): void {
    let atMs = Math.max(fromMs, this.#closedMs);
    while (atMs < toMs) {
      const pane = this.#find(atMs);
      if (!pane) return;
      const untilMs = Math.min(toMs, pane.endMs);
      pane.coveredMs += times * (untilMs - atMs);
      atMs = untilMs;
    }
  }

  /** Closes panes that begin before `beforeMs` for good, whether they are there or not. */
  close(beforeMs: EpochMs): void {
    if (beforeMs > this.#closedMs) this.#closedMs = beforeMs;
    const first = this.#panes.findIndex(({ startMs }) => startMs >= this.#closedMs);
    this.#panes.splice(0, first < 0 ? this.#panes.length : first);
  }

  clear(): void {
    this.#panes.length = 0;
    this.#closedMs = Number.NEGATIVE_INFINITY;
  }

  toState(): PaneBookState {
    return {
      panes: this.#panes.map(({ startMs, endMs, kept, coveredMs, isChanged, rev, unit }) => [
        startMs,
        endMs,
        [...kept],
        coveredMs,
        isChanged ? 1 : 0,
        rev,
        ...(unit === undefined ? ([] as const) : ([unit] as const)),
      ]),
      ...(Number.isFinite(this.#closedMs) && { closed: this.#closedMs }),
    };
  }

  #find(timeMs: EpochMs): Pane | undefined {
    const last = this.#panes.at(-1);
    if (last && timeMs >= last.startMs && timeMs < last.endMs) return last;
    let at = this.#panes.length;
    while (at > 0 && (this.#panes[at - 1]?.startMs ?? 0) > timeMs) at -= 1;
    const before = this.#panes[at - 1];
    if (before && timeMs < before.endMs) return before;
    const { agg, grid, mostPanes } = this.#spec;
    const startMs = grid.startOf(timeMs);
    if (startMs < this.#closedMs) return undefined;
    const pane: Pane = {
      startMs,
      endMs: grid.endOf(timeMs),
      kept: nothingKept(agg),
      coveredMs: 0,
      unit: undefined,
      isChanged: false,
      rev: 0,
    };
    this.#panes.splice(at, 0, pane);
    const oldest = this.#panes[this.#panes.length - mostPanes];
    if (oldest && this.#panes.length > mostPanes) this.close(oldest.startMs);
    return pane.startMs < this.#closedMs ? undefined : pane;
  }
}
