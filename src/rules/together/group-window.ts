/** What the panes of a window make together, for many devices. */
import type { Measurement } from "../../core/measurement.ts";
import { never } from "../alarms/alarm.ts";
import { joinKept, nothingKept, valueOfKept } from "../panes/aggregate.ts";
import type { WindowCondition } from "../signals/window-signal.ts";
import type { SealedPane } from "./sealed-pane.ts";

/** Sums of the same numbers in another order differ behind that. */
const digits = 12;

/** Plain JSON. */
export interface GroupWindowState {
  readonly panes: readonly SealedPane[];
  /** Since when there are devices; absent while there are none. */
  readonly since?: number;
}

export class GroupWindow {
  readonly #condition: WindowCondition;
  #panes: SealedPane[];
  #sinceMs: number;

  constructor(condition: WindowCondition, saved?: GroupWindowState) {
    this.#condition = condition;
    this.#panes = [...(saved?.panes ?? [])];
    this.#sinceMs = saved?.since ?? never;
  }

  /** The next pane: what the window is at its end; undefined where too little is known. */
  take(pane: SealedPane): Measurement | undefined {
    const { agg, everyMs, metric, minCoverage, overMs } = this.#condition;
    const atMs = pane.startMs + everyMs;
    this.#panes = this.#panes.filter(({ startMs }) => startMs >= atMs - overMs);
    this.#panes.push(pane);
    if (pane.here === 0 && pane.presentMs <= 0) this.#sinceMs = never;
    else if (this.#sinceMs === never) this.#sinceMs = pane.startMs;
    if (pane.here === 0 || atMs - this.#sinceMs < overMs * minCoverage) return undefined;
    const kept = nothingKept(agg);
    let coveredMs = 0;
    let presentMs = 0;
    let unit: string | undefined;
    for (const each of this.#panes) {
      joinKept(agg, kept, each.kept);
      coveredMs += each.coveredMs;
      presentMs += each.presentMs;
      unit = each.unit ?? unit;
    }
    const value = valueOfKept(agg, kept);
    if (value === undefined) return undefined;
    if (agg !== "count" && coveredMs < presentMs * minCoverage) return undefined;
    return {
      name: metric,
      value: Number(value.toPrecision(digits)),
      quality: "good",
      ...(unit !== undefined && { unit }),
    };
  }

  reset(): void {
    this.#panes = [];
    this.#sinceMs = never;
  }

  toState(): GroupWindowState {
    return { panes: this.#panes, ...(this.#sinceMs !== never && { since: this.#sinceMs }) };
  }
}
