/**
 * How late a device's data may still be: the largest `received - time` that its samples of the last
 * 24 hours showed, without what one message showed that came late by itself.
 *
 * A lag that a backlog showed falls step by step while the backlog drains: the device was away, or
 * it uploads, and will be as late again. A lag that one message showed is gone with the next: that
 * message was delivered twice or lay somewhere, or the device's clock was set. It counts only where
 * the like of it is seen a second time within a day.
 */
import { type LagEntry, LagMemory } from "./lag-memory.ts";

/** A fall that is smaller is how radios are. */
const loneFallMs = 60_000;
const dayHours = 24;

/** Plain JSON. */
export interface LagState {
  readonly shown: readonly LagEntry[];
  readonly proven: readonly LagEntry[];
  readonly last?: number;
  readonly peak?: number;
  readonly once?: LagEntry;
}

export class DeviceLag {
  #shown: LagMemory;
  #proven: LagMemory;
  #lastMs: number;
  /** The largest since the device was last half as late; what comes decides what showed it. */
  #peakMs: number;
  #once: LagEntry | undefined;

  constructor(state?: LagState) {
    this.#shown = new LagMemory(state?.shown);
    this.#proven = new LagMemory(state?.proven);
    this.#lastMs = state?.last ?? Number.NEGATIVE_INFINITY;
    this.#peakMs = state?.peak ?? Number.NEGATIVE_INFINITY;
    this.#once = state?.once;
  }

  /** 0 for a device that never sent, negative for a clock that is fast. */
  get lagMs(): number {
    return this.#shown.lagMs;
  }

  /** Of a sample that was newer than all before it; in their order. */
  record(receivedMs: number, lagMs: number): void {
    const fallMs = this.#lastMs - lagMs;
    if (fallMs > loneFallMs && fallMs > this.#peakMs / 2) this.#dropPeak(receivedMs);
    else if (lagMs <= this.#peakMs / 2) this.#proven.record(receivedMs, this.#peakMs);
    if (lagMs <= loneFallMs) this.#proven.record(receivedMs, lagMs);
    if (lagMs > this.#peakMs || lagMs <= this.#peakMs / 2) this.#peakMs = lagMs;
    this.#lastMs = lagMs;
    this.#shown.record(receivedMs, lagMs);
  }

  /** Forgets what is older than a day at gateway time `tMs`. */
  forgetBefore(tMs: number): void {
    this.#shown.forgetBefore(tMs);
    this.#proven.forgetBefore(tMs);
  }

  toState(): LagState {
    return {
      shown: this.#shown.entries,
      proven: this.#proven.entries,
      ...(Number.isFinite(this.#lastMs) && { last: this.#lastMs, peak: this.#peakMs }),
      ...(this.#once && { once: this.#once }),
    };
  }

  /** The peak was one message's, unless one of its size was seen not long ago. */
  #dropPeak(receivedMs: number): void {
    const hour = Math.floor(receivedMs / 3_600_000);
    const peakMs = this.#peakMs;
    const [onceHour, onceMs] = this.#once ?? [Number.NEGATIVE_INFINITY, 0];
    const isAgain =
      hour - onceHour <= dayHours && Math.min(onceMs, peakMs) >= Math.max(onceMs, peakMs) / 2;
    if (isAgain) this.#proven.record(receivedMs, Math.max(onceMs, peakMs));
    this.#once = [hour, isAgain ? Math.max(onceMs, peakMs) : peakMs];
    this.#shown = new LagMemory(this.#proven.entries);
    this.#peakMs = Number.NEGATIVE_INFINITY;
  }
}
