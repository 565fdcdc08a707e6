/**
 * Where panes begin and end: every so often since the epoch, or by the clock on a wall, where a day has
 * 23 or 25 hours when clocks are changed. Every moment is in exactly one pane.
 */
import type { EpochMs } from "../../core/clock.ts";
import type { NamedZone } from "../../core/named-zone.ts";

const dayMs = 86_400_000;

export interface PaneGrid {
  /** The start of the pane that a moment is in; the start itself is, the end is not. */
  startOf(tMs: EpochMs): EpochMs;
  /** The end of the pane that a moment is in: the start of the next. */
  endOf(tMs: EpochMs): EpochMs;
}

export function epochGrid(everyMs: number): PaneGrid {
  const startOf = (tMs: EpochMs): EpochMs => Math.floor(tMs / everyMs) * everyMs;
  return { startOf, endOf: (tMs) => startOf(tMs) + everyMs };
}

/** Panes of a day, or of a part of an hour or of a day that divides it. */
export function wallGrid(everyMs: number, zone: NamedZone): PaneGrid {
  if (everyMs === dayMs) return dayGrid(zone);
  const startOf = (tMs: EpochMs): EpochMs => {
    const offsetMs = zone.offsetAt(tMs);
    const startMs = Math.floor((tMs + offsetMs) / everyMs) * everyMs - offsetMs;
    // Where clocks were changed within it, the pane begins there.
    return zone.offsetAt(startMs) === offsetMs ? startMs : zone.changeIn(startMs, tMs);
  };
  const endOf = (tMs: EpochMs): EpochMs => {
    const offsetMs = zone.offsetAt(tMs);
    const endMs = (Math.floor((tMs + offsetMs) / everyMs) + 1) * everyMs - offsetMs;
    return zone.offsetAt(endMs) === offsetMs ? endMs : zone.changeIn(tMs, endMs);
  };
  return { startOf, endOf };
}

function dayGrid(zone: NamedZone): PaneGrid {
  const dayOf = (tMs: EpochMs): number => Math.floor((tMs + zone.offsetAt(tMs)) / dayMs);
  return {
    startOf: (tMs) => {
      const startMs = zone.momentOf(dayOf(tMs) * dayMs);
      return startMs <= tMs ? startMs : zone.momentOf((dayOf(tMs) - 1) * dayMs);
    },
    endOf: (tMs) => {
      const endMs = zone.momentOf((dayOf(tMs) + 1) * dayMs);
      const startMs = zone.momentOf(dayOf(tMs) * dayMs);
      return startMs <= tMs ? endMs : startMs;
    },
  };
}
