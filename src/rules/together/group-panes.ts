/**
 * The panes of one rule that all its devices of one gateway share. A pane is sealed where the line of
 * the gateway passes its end; what comes for it later is left out.
 *
 * Nothing depends on the order in which devices bring their samples: each brings values, for how long
 * they are known, and when it comes and goes.
 */
import type { EpochMs } from "../../core/clock.ts";
import { never } from "../alarms/alarm.ts";
import { nothingKept } from "../panes/aggregate.ts";
import { PaneBook, type PaneBookState } from "../panes/pane-book.ts";
import { epochGrid, type PaneGrid } from "../panes/pane-grid.ts";
import type { WindowCondition } from "../signals/window-signal.ts";
import type { SealedPane } from "./sealed-pane.ts";

/** So many panes are open at once at most, in the time that lies between two watermarks. */
const mostPanes = 10_000;

/** Plain JSON. */
export interface GroupPanesState {
  readonly book: PaneBookState;
  readonly sealed?: number;
  readonly here: number;
  readonly moves: readonly (readonly [startMs: number, count: number, presentMs: number])[];
  /** How many panes in a row were empty. */
  readonly quiet: number;
}

/** Devices that come and go within a pane. */
interface Moves {
  count: number;
  presentMs: number;
}

export class GroupPanes {
  readonly #condition: WindowCondition;
  readonly #grid: PaneGrid;
  readonly #book: PaneBook;
  readonly #moves: Map<number, Moves>;
  #sealedMs: number;
  #here: number;
  #quiet: number;

  constructor(condition: WindowCondition, saved?: GroupPanesState) {
    const { agg, everyMs } = condition;
    this.#condition = condition;
    this.#grid = epochGrid(everyMs);
    this.#book = new PaneBook({ agg, grid: this.#grid, mostPanes }, saved?.book);
    this.#moves = new Map(
      saved?.moves.map(([startMs, count, presentMs]) => [startMs, { count, presentMs }]),
    );
    this.#sealedMs = saved?.sealed ?? never;
    this.#here = saved?.here ?? 0;
    this.#quiet = saved?.quiet ?? 0;
  }

  /** A value of a device; false where its pane is sealed. */
  add(value: number, unit: string | undefined, timeMs: EpochMs): boolean {
    return timeMs >= this.#sealedMs && this.#book.add(value, unit, timeMs);
  }

  /** A value of a device is known from `fromMs` to `toMs`; `times` -1 takes that back. */
  cover(fromMs: EpochMs, toMs: EpochMs, times: 1 | -1 = 1): void {
    this.#book.cover(Math.max(fromMs, this.#sealedMs), toMs, times);
  }

  /** A device comes (1) or goes (-1). */
  move(count: 1 | -1, timeMs: EpochMs): void {
    const atMs = Math.max(timeMs, this.#sealedMs);
    const startMs = this.#grid.startOf(atMs);
    const moves = this.#moves.get(startMs) ?? { count: 0, presentMs: 0 };
    moves.count += count;
    moves.presentMs += count * (this.#grid.endOf(atMs) - atMs);
    this.#moves.set(startMs, moves);
  }

  /** The line reaches `reachMs`: gives the panes that are over, one after the other. */
  *seal(reachMs: EpochMs): Iterable<SealedPane> {
    const { everyMs, overMs } = this.#condition;
    if (this.#sealedMs === never) {
      if (this.#moves.size === 0) return;
      const firstMs = Math.min(...this.#moves.keys());
      if (firstMs + everyMs > reachMs) return;
      this.#sealedMs = firstMs;
    }
    while (this.#sealedMs + everyMs <= reachMs) {
      const isEmpty = this.#firstPaneMs !== this.#sealedMs && !this.#moves.has(this.#sealedMs);
      const wasLong = this.#quiet * everyMs > overMs;
      const nextMs = isEmpty && wasLong ? this.#nextMs(reachMs) : this.#sealedMs;
      if (nextMs > this.#sealedMs && this.#here === 0) this.#sealedMs = nextMs;
      else if (nextMs - this.#sealedMs > mostPanes * everyMs) this.#sealedMs = nextMs - overMs;
      else yield this.#sealNext(isEmpty);
    }
  }

  /** Nobody is here, and nothing is known; what comes is taken whatever its time is. */
  reset(): void {
    this.#book.clear();
    this.#moves.clear();
    this.#sealedMs = never;
    this.#here = 0;
    this.#quiet = 0;
  }

  toState(): GroupPanesState {
    return {
      book: this.#book.toState(),
      ...(this.#sealedMs !== never && { sealed: this.#sealedMs }),
      here: this.#here,
      moves: Array.from(this.#moves, ([startMs, { count, presentMs }]) => [
        startMs,
        count,
        presentMs,
      ]),
      quiet: this.#quiet,
    };
  }

  get #firstPaneMs(): EpochMs | undefined {
    return this.#book.panes[0]?.startMs;
  }

  /** Where something happens next, or the line stands. */
  #nextMs(reachMs: EpochMs): EpochMs {
    let nextMs = Math.min(this.#grid.startOf(reachMs), this.#firstPaneMs ?? reachMs);
    for (const startMs of this.#moves.keys()) nextMs = Math.min(nextMs, startMs);
    return nextMs;
  }

  #sealNext(isEmpty: boolean): SealedPane {
    const { agg, everyMs } = this.#condition;
    const startMs = this.#sealedMs;
    const pane = this.#book.panes.find((each) => each.startMs === startMs);
    const moves = this.#moves.get(startMs);
    const presentMs = this.#here * everyMs + (moves?.presentMs ?? 0);
    this.#here += moves?.count ?? 0;
    this.#moves.delete(startMs);
    this.#sealedMs += everyMs;
    this.#quiet = isEmpty ? this.#quiet + 1 : 0;
    this.#book.close(this.#sealedMs);
    return {
      startMs,
      kept: pane ? [...pane.kept] : nothingKept(agg),
      coveredMs: pane?.coveredMs ?? 0,
      presentMs,
      here: this.#here,
      ...(pane?.unit !== undefined && { unit: pane.unit }),
    };
  }
}
