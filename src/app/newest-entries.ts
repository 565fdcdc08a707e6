import type { EpochMs } from "../core/clock.ts";
import type { EntryFilter } from "../past/entry-filter.ts";
import type { PastDesk } from "./past-desk.ts";
import { systemClock } from "./system-clock.ts";

const firstLookMs = 60_000;
const widerBy = 8;

/** Where the newest entries begin: at what was received since then, without the first `skip` of it. */
export interface NewestEntries {
  readonly sinceMs: EpochMs;
  readonly skip: number;
}

/**
 * The newest `most` entries, whenever they were received. Streams are read forwards only, so they are
 * counted: in the last minute, and further back, eight times as far each time, until there are enough or
 * no more. Memory does not grow with what is asked for.
 */
export async function newestEntries(
  desk: PastDesk,
  filter: EntryFilter,
  most: number,
  signal: AbortSignal,
): Promise<NewestEntries> {
  const endMs = Math.min(filter.untilMs, systemClock.wallMs());
  for (let backMs = firstLookMs; ; backMs *= widerBy) {
    const sinceMs = backMs < endMs ? endMs - backMs : Number.NEGATIVE_INFINITY;
    let found = 0;
    const reading = { filter: { ...filter, sinceMs }, follow: false, signal };
    for await (const _ of desk.read(reading)) found += 1;
    if (found >= most || sinceMs < 0 || signal.aborted)
      return { sinceMs, skip: Math.max(0, found - most) };
  }
}
