import type { EpochMs } from "../core/clock.ts";
import type { StoredEvent } from "../core/event.ts";

/**
 * When each event of a replay is due: as long behind the first as it was received behind it, `speed` times
 * as fast. A clock that was set back, or a box that did not know the time, holds nothing up: what was
 * received before the one in front of it is due with that.
 */
export class ReplayPace {
  readonly #speed: number;
  readonly #startMs: number;
  #firstMs: EpochMs | undefined;
  #latestMs = Number.NEGATIVE_INFINITY;

  /** `startMs`: a monotonic clock when it begins; `speed`: infinite for as fast as can be. */
  constructor(speed: number, startMs: number) {
    this.#speed = speed;
    this.#startMs = startMs;
  }

  /** On the same monotonic clock. */
  dueMs({ clock, receivedMs }: Pick<StoredEvent, "clock" | "receivedMs">): number {
    if (clock !== "unsynced") {
      this.#firstMs ??= receivedMs;
      this.#latestMs = Math.max(this.#latestMs, receivedMs);
    }
    const behindMs = this.#firstMs === undefined ? 0 : this.#latestMs - this.#firstMs;
    return this.#startMs + behindMs / this.#speed;
  }
}
