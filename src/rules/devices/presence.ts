/**
 * Whether a device is there: it is gone when it is offline or silent for too long, and back with its
 * next word. What it reports on change counts again from then on, at the watermark: what it kept while
 * nobody heard it may come until there, and says since when it was there.
 */
import type { EpochMs } from "../../core/clock.ts";
import type { Measurement } from "../../core/measurement.ts";
import type { DeviceSnapshot } from "../engine-snapshot.ts";
import type { ValueWatches } from "./value-watches.ts";

export class Presence {
  readonly #values: ValueWatches;
  #isGone: boolean;
  /** It was heard again since the last watermark, and was there from here on of its line. */
  #backMs: EpochMs | undefined;

  constructor(values: ValueWatches, { back, gone }: Pick<DeviceSnapshot, "back" | "gone">) {
    this.#values = values;
    this.#isGone = gone ?? false;
    this.#backMs = back;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** It was heard again since the last watermark, and `settle` is still to be called. */
  get isBack(): boolean {
    return this.#backMs !== undefined;
  }

  /** It is gone, since `goneMs` of its line. */
  leave(goneMs: EpochMs): void {
    this.settle();
    this.#isGone = true;
    this.#values.leave(goneMs);
  }

  /** A word of it was received when its line reached `reachMs`. */
  hear(reachMs: EpochMs): void {
    if (!this.#isGone) return;
    this.#isGone = false;
    this.#backMs = reachMs;
  }

  /** The same at the last watermark; `data` is said without a time, and not known. */
  hearUntimed(reachMs: EpochMs, data: readonly Measurement[]): void {
    if (!this.#isGone) return;
    this.#isGone = false;
    this.#values.comeBack(reachMs, data);
  }

  /** It took a reading at `timeMs` of its line, newer than all before. */
  wasThereAt(timeMs: EpochMs): void {
    if (this.#backMs !== undefined) this.#backMs = Math.min(this.#backMs, timeMs);
  }

  /** What holds counts again, where it is back. */
  settle(): void {
    if (this.#backMs !== undefined) this.#values.comeBack(this.#backMs);
    this.#backMs = undefined;
  }

  /** Nothing is known of its values any more. */
  forgetReturn(): void {
    this.#backMs = undefined;
  }

  toSnapshot(): Pick<DeviceSnapshot, "back" | "gone"> {
    return {
      ...(this.#isGone && { gone: true }),
      ...(this.#backMs !== undefined && { back: this.#backMs }),
    };
  }
}
