/**
 * When a device was last heard, in gateway time, and the rules that watch it for silence. Any word
 * proves life, of whatever time it speaks; time in which nobody listened does not count.
 */
import type { Measurement } from "../../core/measurement.ts";
import { never } from "../alarms/alarm.ts";
import type { DeviceSnapshot } from "../engine-snapshot.ts";
import type { DeviceWatches } from "./device-watches.ts";

export class LifeSigns {
  readonly #watches: DeviceWatches;
  #firstMs: number;
  #aliveMs: number;
  /** How long nobody listened since. */
  #deafMs: number;
  /** No watch changes before the watermark reaches this. */
  #dueMs = never;

  constructor(watches: DeviceWatches, saved: DeviceSnapshot) {
    this.#watches = watches;
    this.#firstMs = saved.first;
    this.#aliveMs = saved.alive ?? never;
    this.#deafMs = saved.deaf ?? 0;
  }

  /** When the device was met. */
  get firstMs(): number {
    return this.#firstMs;
  }

  /** When it was last heard; before its first word, when it was met. */
  get heardMs(): number {
    return Math.max(this.#firstMs, this.#aliveMs);
  }

  /** From when on its silence counts. */
  get missedFromMs(): number {
    return this.heardMs + this.#deafMs;
  }

  /** The watches are others, or know something else: what is due is found out anew. */
  lookAnew(): void {
    this.#dueMs = never;
  }

  /** A word of the device was received, with these values. */
  hear(receivedMs: number, data: readonly Measurement[]): void {
    this.#aliveMs = Math.max(this.#aliveMs, receivedMs);
    this.#deafMs = 0;
    if (this.#watches.groups.areHeard) this.#watches.groups.hear(receivedMs, data);
    for (const watch of this.#watches.absences) {
      if (watch.of !== undefined && !data.some(({ name }) => name === watch.of)) continue;
      if (watch.alarm.breach >= 0) this.#dueMs = never;
      watch.hear(receivedMs);
    }
  }

  /** The gateway did not listen for `deafMs` since watermark `beforeMs`; `tMs` is the present one. */
  miss(deafMs: number, beforeMs: number, tMs: number): void {
    for (const watch of this.#watches.absences) if (beforeMs < watch.dueMs) watch.advance(beforeMs);
    this.#deafMs = Math.max(0, Math.min(this.#deafMs + deafMs, tMs - this.heardMs));
    for (const watch of this.#watches.absences) watch.miss(deafMs, tMs);
    this.#dueMs = never;
  }

  /** The gateway listens again from gateway time `fromMs` on: silence counts anew. */
  listenFrom(fromMs: number): void {
    this.#deafMs = Math.max(this.#deafMs, fromMs - this.heardMs);
    for (const watch of this.#watches.absences) watch.listenFrom(fromMs);
    this.#dueMs = never;
  }

  /** Brings every watch to `tMs`, also those that nothing is due for. */
  settle(tMs: number): void {
    for (const watch of this.#watches.absences) watch.advance(tMs);
  }

  /** A watch may change at the watermark `tMs`. */
  isDue(tMs: number): boolean {
    return tMs >= this.#dueMs;
  }

  /**
   * Everything received up to gateway time `tMs` was heard. Gives since when the device is found
   * silent for too long by the first rule that any word would satisfy; undefined where it is not.
   */
  advance(tMs: number): number | undefined {
    this.#dueMs = Number.POSITIVE_INFINITY;
    let silentMs: number | undefined;
    for (const watch of this.#watches.absences) {
      watch.advance(tMs);
      this.#dueMs = Math.min(this.#dueMs, watch.dueMs);
      if (watch.of === undefined) silentMs ??= watch.silentFromMs;
    }
    return silentMs;
  }

  /** The clocks were set: silence counts anew from `tMs`. */
  reset(tMs: number): void {
    this.#firstMs = tMs;
    this.#aliveMs = tMs;
    this.#deafMs = 0;
    for (const watch of this.#watches.absences) watch.reset(tMs);
    this.#dueMs = never;
  }

  toSnapshot(): Pick<DeviceSnapshot, "first" | "alive" | "deaf"> {
    return {
      first: this.#firstMs,
      ...(this.#aliveMs !== never && { alive: this.#aliveMs }),
      ...(this.#deafMs > 0 && { deaf: this.#deafMs }),
    };
  }
}
