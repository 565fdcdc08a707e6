/**
 * What the samples of a window of time make together: their mean, their number, ... It is another at
 * every edge of a pane, by the panes of the window behind it.
 *
 * Too little known is unknown: a value is known from its sample on for as long as it counts, at the end
 * for as long as the longest before it did. A count needs no values, only that the device was there.
 */
import { formatDuration } from "../../core/duration.ts";
import type { Measurement } from "../../core/measurement.ts";
import { never } from "../alarms/alarm.ts";
import { type Agg, joinKept, nothingKept, valueOfKept } from "../panes/aggregate.ts";
import { PaneBook, type PaneBookState } from "../panes/pane-book.ts";
import { epochGrid, type PaneGrid } from "../panes/pane-grid.ts";
import type { LeveledCondition } from "../rule.ts";
import type { Matching } from "../rule-expression.ts";
import type { Signal } from "./signal.ts";

/** Of panes in which nothing happened, no more are looked at one by one. */
const mostQuietPanes = 10_000;

export interface WindowCondition extends LeveledCondition {
  readonly kind: "window";
  readonly agg: Agg;
  readonly overMs: number;
  readonly everyMs: number;
  /** The share of the window that must be known. */
  readonly minCoverage: number;
  /** Counts only what fits; the text of an expression. */
  readonly matching?: string;
  readonly fits?: Matching;
}

export interface WindowState {
  readonly kind: "window";
  readonly book: PaneBookState;
  readonly due?: number;
  readonly since?: number;
  readonly last?: number;
  readonly longest: number;
  readonly current?: Measurement;
}

export class WindowSignal implements Signal {
  readonly #condition: WindowCondition;
  readonly #grid: PaneGrid;
  readonly #book: PaneBook;
  #sinceMs: number;
  #lastMs: number;
  #longestMs: number;
  #current: Measurement | undefined;
  dueMs: number;

  constructor(condition: WindowCondition, saved?: WindowState) {
    const { agg, everyMs, overMs } = condition;
    this.#condition = condition;
    this.#grid = epochGrid(everyMs);
    const mostPanes = overMs / everyMs + 2;
    this.#book = new PaneBook({ agg, grid: this.#grid, mostPanes }, saved?.book);
    this.#sinceMs = saved?.since ?? never;
    this.#lastMs = saved?.last ?? never;
    this.#longestMs = saved?.longest ?? 0;
    this.#current = saved?.current;
    this.dueMs = saved?.due ?? Number.POSITIVE_INFINITY;
  }

  get reason(): string {
    const { agg, overMs } = this.#condition;
    return `it is the ${agg} over ${formatDuration(overMs)}, known at the edge of each pane`;
  }

  take(sampleMs: number, sample: Measurement, countedMs: number): Measurement | undefined {
    if (this.#lastMs !== never) {
      const fromMs = Math.max(this.#lastMs, sampleMs - this.#condition.overMs);
      this.#book.cover(fromMs, Math.min(this.#lastMs + countedMs, sampleMs));
      this.#longestMs = Math.max(this.#longestMs, countedMs);
    }
    if (this.#sinceMs === never) this.#sinceMs = sampleMs;
    if (this.dueMs === Number.POSITIVE_INFINITY) this.dueMs = this.#grid.endOf(sampleMs);
    this.#lastMs = sampleMs;
    this.takeLate(sampleMs, sample);
    return this.#current;
  }

  /** One that came out of order counts in the panes that are still part of a window to come. */
  takeLate(sampleMs: number, { unit, value }: Measurement): void {
    const { agg, fits } = this.#condition;
    if (agg === "count") {
      if (!fits || fits(value)) this.#book.add(1, undefined, sampleMs);
    } else if (typeof value === "number") this.#book.add(value, unit, sampleMs);
  }

  pass(reachMs: number): Measurement | undefined {
    const atMs = this.dueMs;
    const { agg, everyMs, metric, minCoverage, overMs } = this.#condition;
    this.#book.close(atMs - overMs);
    const kept = nothingKept(agg);
    let unit: string | undefined;
    let coveredMs = Math.min(this.#longestMs, atMs - this.#lastMs);
    for (const pane of this.#book.panes) {
      if (pane.endMs > atMs) break;
      joinKept(agg, kept, pane.kept);
      coveredMs += pane.coveredMs;
      unit = pane.unit ?? unit;
    }
    if (agg === "count") coveredMs = atMs - this.#sinceMs;
    const value = valueOfKept(agg, kept);
    const isKnown = value !== undefined && coveredMs >= overMs * minCoverage;
    this.#current = isKnown
      ? { name: metric, value, quality: "good", ...(unit !== undefined && { unit }) }
      : undefined;
    const isEmpty = this.#book.panes.length === 0;
    const isFar = reachMs - atMs > mostQuietPanes * everyMs;
    if (isEmpty && agg !== "count") this.dueMs = Number.POSITIVE_INFINITY;
    else if (isEmpty && isKnown && isFar) this.dueMs = this.#grid.startOf(reachMs - overMs);
    else this.dueMs = atMs + everyMs;
    return this.#current;
  }

  /** The device is gone: what is not said is not counted until it is back. */
  leave(): void {
    this.#sinceMs = never;
    this.#current = undefined;
    this.dueMs = Number.POSITIVE_INFINITY;
  }

  reset(): void {
    this.leave();
    this.#lastMs = never;
    this.#longestMs = 0;
    this.#book.clear();
  }

  /** Panes do not move with a clock. */
  leap(): void {
    this.reset();
  }

  forget(): void {
    this.reset();
  }

  toState(): WindowState {
    return {
      kind: "window",
      book: this.#book.toState(),
      ...(Number.isFinite(this.dueMs) && { due: this.dueMs }),
      ...(this.#sinceMs !== never && { since: this.#sinceMs }),
      ...(this.#lastMs !== never && { last: this.#lastMs }),
      longest: this.#longestMs,
      ...(this.#current && { current: this.#current }),
    };
  }
}
