/**
 * Rows of what flows, newest first: a bounded number while they run, and while they are held a bounded
 * number more, with a count of those that did not fit. Pure.
 */
import type { LiveRow } from "../../../api/shapes/live.ts";
import type { StableEntry } from "../../parts/stable-order.ts";

export const mostShown = 2_000;
export const mostHeld = 5_000;

export interface LiveRing {
  readonly entries: readonly StableEntry<LiveRow>[];
  /** What came since it was held, newest first; undefined while it runs. */
  readonly held: readonly StableEntry<LiveRow>[] | undefined;
  /** Came since it was held and was not kept. */
  readonly lost: number;
  /** Number of the row that came last, as the topic counts. */
  readonly lastN: number;
  readonly last: LiveRow | undefined;
  /** How often the topic began to count anew: rows of another count are others. */
  readonly round: number;
}

export const emptyRing: LiveRing = {
  ...{ entries: [], held: undefined, lost: 0, lastN: 0, last: undefined, round: 0 },
};

/** The ring with what is new in the rows of the topic. */
export function withRows(ring: LiveRing, rows: ReadonlyMap<string, LiveRow>): LiveRing {
  const isAnew = countsAnew(ring, rows);
  const fromN = isAnew ? 0 : ring.lastN;
  const round = isAnew ? ring.round + 1 : ring.round;
  const fresh: StableEntry<LiveRow>[] = [];
  let { last, lastN } = isAnew ? { last: undefined, lastN: 0 } : ring;
  for (const [key, row] of rows) {
    const n = Number(key);
    if (!(n > fromN)) continue;
    fresh.push({ key: `${round}-${key}`, row, isGone: false });
    if (n <= lastN) continue;
    lastN = n;
    last = row;
  }
  if (fresh.length === 0) return ring;
  const came = { ...ring, last, lastN, round };
  const next = fresh.reverse();
  if (!ring.held) return { ...came, entries: [...next, ...ring.entries].slice(0, mostShown) };
  const held = [...next, ...ring.held];
  return {
    ...came,
    held: held.slice(-mostHeld),
    lost: ring.lost + Math.max(0, held.length - mostHeld),
  };
}

/** Holds what is shown, or lets it run on with what came meanwhile. */
export function held(ring: LiveRing, isHeld: boolean): LiveRing {
  if (isHeld) return { ...ring, held: ring.held ?? [], lost: ring.held ? ring.lost : 0 };
  const entries = [...(ring.held ?? []), ...ring.entries].slice(0, mostShown);
  return { ...ring, entries, held: undefined, lost: 0 };
}

/** Without what was shown and held; what comes next is shown. */
export function cleared(ring: LiveRing): LiveRing {
  return { ...ring, entries: [], held: ring.held && [], lost: 0 };
}

/** A topic that nobody looked at for a moment begins again at 1. */
function countsAnew({ last, lastN }: LiveRing, rows: ReadonlyMap<string, LiveRow>): boolean {
  if (!last) return false;
  const same = rows.get(String(lastN));
  if (same) return same.atMs !== last.atMs || same.text !== last.text;
  let mostN = 0;
  for (const key of rows.keys()) if (Number(key) > mostN) mostN = Number(key);
  return mostN > 0 && mostN < lastN;
}
