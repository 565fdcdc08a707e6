/**
 * The alerts as a page lists them, folded out of their stream: the board, and the episodes that ended
 * of late. It knows which rows are others than they were, also those that changed because of another
 * alert or of time alone.
 */
import { AlertBoard } from "../../alerts/alert-board.ts";
import type { AlertView } from "../../alerts/alert-view.ts";
import type { PlacedAction, PlacedTransition } from "../../alerts/placed.ts";
import type { AlertTransition } from "../../core/alert.ts";
import type { EpochMs } from "../../core/clock.ts";

/** Of episodes that are over, the latest. */
const mostEnded = 1_000;

export class AlertList {
  readonly #board: AlertBoard;
  /** By episode, the one that ended first in front. */
  readonly #ended = new Map<string, AlertTransition>();
  /** How each alert was when it was looked at last; normal ones are in none. */
  #looks = new Map<string, string>();
  /** Those of which something came since. */
  readonly #touched = new Set<string>();

  constructor(maxShelveMs: number) {
    this.#board = new AlertBoard({ maxShelveMs });
  }

  /** Transitions and actions for which no room was left. */
  get leftOut(): number {
    return this.#board.leftOut;
  }

  take(placed: PlacedTransition): void {
    const { transition } = placed;
    if (!this.#board.take(placed)) return;
    this.#touched.add(transition.instance);
    this.#ended.delete(transition.episode);
    if (transition.state !== "ended") return;
    this.#ended.set(transition.episode, transition);
    for (const [episode] of this.#ended) {
      if (this.#ended.size <= mostEnded) break;
      this.#ended.delete(episode);
    }
  }

  act(placed: PlacedAction): void {
    this.#board.act(placed);
    this.#touched.add(placed.action.instance);
  }

  /** How the alert is; undefined where nothing of it is known. */
  view(instance: string, nowMs: EpochMs): AlertView | undefined {
    return this.#board.view(instance, nowMs);
  }

  /** All that anybody has to know of: whatever is not normal. */
  views(nowMs: EpochMs): Iterable<AlertView> {
    return this.#board.views(nowMs);
  }

  /** Episodes that are over, the latest first. */
  ended(): readonly AlertTransition[] {
    return [...this.#ended.values()].reverse();
  }

  /** The first time behind `nowMs` at which a row becomes another by itself; infinity for none. */
  nextChangeMs(nowMs: EpochMs): EpochMs {
    return this.#board.nextChangeMs(nowMs);
  }

  /** Those of which something came since this was asked last. */
  takeTouched(): readonly string[] {
    const touched = [...this.#touched];
    this.#touched.clear();
    return touched;
  }

  /** Whose rows may be others than at the last look. Looks at all of them: not for each transition. */
  changes(nowMs: EpochMs): ReadonlySet<string> {
    const changed = new Set(this.takeTouched());
    const looks = new Map<string, string>();
    for (const view of this.#board.views(nowMs)) {
      const { instance } = view;
      const look = lookOf(view);
      if (this.#looks.get(instance) !== look) changed.add(instance);
      looks.set(instance, look);
    }
    for (const instance of this.#looks.keys()) if (!looks.has(instance)) changed.add(instance);
    this.#looks = looks;
    return changed;
  }
}

/** What makes two rows of one alert differ where nothing of its own came. */
function lookOf({ isFlapping, state, suppressedBy }: AlertView): string {
  return `${state} ${isFlapping} ${suppressedBy?.episode ?? ""}`;
}
