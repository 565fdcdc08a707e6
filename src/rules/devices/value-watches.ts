/**
 * The watches of a device's values, and where on its line the first of them may change without a
 * sample: up to there, all of them cost one comparison.
 */
import type { EpochMs } from "../../core/clock.ts";
import type { Measurement } from "../../core/measurement.ts";
import { never } from "../alarms/alarm.ts";
import type { DeviceWatches } from "./device-watches.ts";

export class ValueWatches {
  readonly #watches: DeviceWatches;
  #dueMs = never;

  constructor(watches: DeviceWatches) {
    this.#watches = watches;
  }

  /** They changed otherwise than by time: each is looked at when the line goes on. */
  lookAnew(): void {
    this.#dueMs = never;
  }

  /** By a sample, something may change at `dueMs`. */
  dueBy(dueMs: EpochMs): void {
    this.#dueMs = Math.min(this.#dueMs, dueMs);
  }

  /** Brings every watch to where the line stands; those that nothing is due for are behind it. */
  settle(reachMs: EpochMs): void {
    for (const watch of this.#watches.ofValues) watch.advance(reachMs);
  }

  /** The line reached `reachMs`; false where that changes nothing. */
  advance(reachMs: EpochMs): boolean {
    if (reachMs < this.#dueMs) return false;
    this.#dueMs = Number.POSITIVE_INFINITY;
    for (const watch of this.#watches.ofValues) {
      watch.advance(reachMs);
      this.dueBy(watch.dueMs);
    }
    return true;
  }

  /** Its gateway did not listen for `deafMs` since the line stood at `reachMs`: nothing is missing by that. */
  miss(deafMs: number, reachMs: EpochMs): void {
    this.settle(reachMs);
    for (const watch of this.#watches.ofValues)
      if (watch.kind !== "expr") watch.held.overhear(deafMs);
    this.lookAnew();
  }

  /** The gateway listens again from `fromMs` on. */
  listenFrom(fromMs: EpochMs): void {
    for (const watch of this.#watches.ofValues)
      if (watch.kind !== "expr") watch.held.listenFrom(fromMs);
    this.lookAnew();
  }

  /** The device is gone, since it stood at `goneMs` on its line. */
  leave(goneMs: EpochMs): void {
    for (const watch of this.#watches.ofValues) watch.leave(goneMs);
    this.lookAnew();
  }

  /** The device is back. What it says of `data` is not known yet: those values do not count again. */
  comeBack(reachMs: EpochMs, data: readonly Measurement[] = []): void {
    for (const watch of this.#watches.ofValues)
      if (!data.some(({ name }) => watch.reads(name))) watch.comeBack(reachMs);
    this.lookAnew();
  }

  /** Another device took its place. */
  replace(reachMs: EpochMs): void {
    for (const watch of this.#watches.ofValues) watch.replace(reachMs);
  }

  /** The line begins anew at `tMs`; what was known is unknown since `sinceMs`. */
  reset(tMs: EpochMs, sinceMs: EpochMs): void {
    for (const watch of this.#watches.ofValues) watch.reset(tMs, sinceMs);
    this.lookAnew();
  }
}
