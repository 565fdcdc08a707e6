/**
 * Tells what was not measured now by clocks whose zone nobody knows: such a time is of no use as the
 * time of an event, but a week ago is a week ago in every zone.
 */
import type { EpochMs } from "../../core/clock.ts";

const hourMs = 3_600_000;
/** The clocks furthest behind UTC: nowhere is the moment of a time on a wall later. */
const furthestWestMs = 12 * hourMs;
/** A message that is under way for less is none of last week. */
const oldMs = 24 * hourMs;

export class WallClocks {
  /** What each device said last. */
  readonly #last = new WeakMap<object, number>();

  /**
   * True where a time on a wall (as if it were UTC) is more than a day past in every zone, and not
   * newer than what the device said before: a clock that is behind goes on, what was kept does not.
   * Older than `maxAgeMs` is a clock that was never set.
   */
  isOld(device: object, wallMs: number, receivedMs: EpochMs, maxAgeMs: number): boolean {
    const last = this.#last.get(device);
    this.#last.set(device, wallMs);
    const isPast = receivedMs - (wallMs + furthestWestMs) > oldMs;
    const isSet = receivedMs - wallMs <= maxAgeMs;
    return isPast && isSet && (last === undefined || wallMs <= last);
  }
}
