/** The moment that somebody asks about, and what may count for it. */
import type { EpochMs } from "../core/clock.ts";

export interface Moment {
  readonly atMs: EpochMs;
  /**
   * Only what the backbone held by then counts. Otherwise all that happened by then, whenever it became
   * known.
   */
  readonly asKnown: boolean;
}

/** When something happened, and when the server stored it. */
export interface Happened {
  readonly timeMs: EpochMs;
  readonly storedMs: EpochMs;
}

export function counts({ storedMs, timeMs }: Happened, { asKnown, atMs }: Moment): boolean {
  return asKnown ? storedMs <= atMs : timeMs <= atMs;
}

/** It had happened by then, and the backbone did not have it yet. */
export function cameLater({ storedMs, timeMs }: Happened, { atMs }: Moment): boolean {
  return timeMs <= atMs && storedMs > atMs;
}
