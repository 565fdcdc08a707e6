/**
 * Whether an alert changes so often that telling of each change helps nobody. Counted by the times of
 * the changes themselves, so what is learned late, all at once, is no flapping of now.
 */
import type { EpochMs } from "../core/clock.ts";
import type { FlappingLimits } from "./handling.ts";

export class Flapping {
  /** Of the last changes, in order; no more than are counted. */
  #changesMs: EpochMs[] = [];
  #on = false;
  #withinMs = 0;

  note(atMs: EpochMs, limits: FlappingLimits | undefined): void {
    if (limits === undefined) {
      this.#changesMs = [];
      this.#on = false;
      return;
    }
    const { changes, withinMs } = limits;
    const last = this.#changesMs.at(-1);
    const isCalm = last !== undefined && atMs - last >= withinMs;
    if (isCalm) this.#changesMs = [];
    this.#changesMs.push(Math.max(atMs, last ?? atMs));
    this.#changesMs = this.#changesMs.slice(-changes);
    this.#withinMs = withinMs;
    const [first = atMs] = this.#changesMs;
    const isMany = this.#changesMs.length === changes && atMs - first <= withinMs;
    this.#on = isMany || (this.#on && !isCalm);
  }

  /**
   * Until it has been calm for as long as changes are counted. Changes of a clock that was far ahead are
   * none of now, too.
   */
  isOn(nowMs: EpochMs): boolean {
    return this.#on && nowMs < this.calmMs && nowMs >= this.calmMs - 2 * this.#withinMs;
  }

  /** When the changes so far stop to count. */
  get calmMs(): EpochMs {
    return (this.#changesMs.at(-1) ?? Number.NEGATIVE_INFINITY) + this.#withinMs;
  }
}
