/**
 * How much of the time between two readings counts: as long as the first of them held. What was
 * unknown in between, after a reading that cannot be judged or while the device was gone, does not.
 */
import { never } from "../alarms/alarm.ts";

/** Plain JSON; absent where nothing counts. */
export interface CountedState {
  readonly since?: number;
  readonly counted?: number;
}

export class CountedTime {
  #sinceMs: number;
  #countedMs: number;

  constructor({ since, counted }: CountedState = {}) {
    this.#sinceMs = since ?? never;
    this.#countedMs = counted ?? 0;
  }

  /** A reading at `atMs`, which holds for `holdMs`: gives what counted since the one before. */
  take(atMs: number, holdMs: number): number {
    this.stop(atMs, holdMs);
    const countedMs = this.#countedMs;
    this.#countedMs = 0;
    this.#sinceMs = atMs;
    return countedMs;
  }

  /** Time counts again from `atMs` on, where it did not. */
  goOn(atMs: number): void {
    if (this.#sinceMs === never) this.#sinceMs = atMs;
  }

  /** From `atMs` on nothing counts. */
  stop(atMs: number, holdMs: number): void {
    if (this.#sinceMs !== never)
      this.#countedMs += Math.max(0, Math.min(atMs - this.#sinceMs, holdMs));
    this.#sinceMs = never;
  }

  /** Nobody knows what counted since the last reading. */
  forget(): void {
    this.#sinceMs = never;
    this.#countedMs = 0;
  }

  leap(byMs: number): void {
    this.#sinceMs += byMs;
  }

  toState(): CountedState {
    return {
      ...(this.#sinceMs !== never && { since: this.#sinceMs }),
      ...(this.#countedMs > 0 && { counted: this.#countedMs }),
    };
  }
}
