/**
 * An instance that has something to be told of, by places in the stream.
 *
 * Transitions are not kept: they are read again from their places when their turn comes. So memory
 * grows with instances, and neither with what waits for each nor with its size.
 */
import type { Timer } from "../core/clock.ts";
import { type SiteId, type StreamSeq, toSiteId, toStreamSeq } from "../core/ids.ts";
import type { SeverityRank } from "../core/severity-rank.ts";

/** One instance's part of a cursor; plain JSON. */
export interface WaitingEntry {
  /** Where its transitions stand; absent in cursors of the first version. */
  readonly site?: string;
  /** From here on the instance's transitions are read. */
  readonly from: number;
  /** Its last transition that was seen. */
  readonly to: number;
  /** Transitions between the two. */
  readonly count: number;
  readonly rank: SeverityRank;
  /** Attempts to tell of the first. */
  readonly attempts: number;
  /** How long the first has been tried, not counting while no notifier ran. */
  readonly triedForMs: number;
  /** How long something of the instance has waited. */
  readonly waitedMs: number;
}

/** The entry of an instance of which one transition waits, as it is when it is first seen. */
export function newEntry(site: SiteId, seq: StreamSeq, rank: SeverityRank): WaitingEntry {
  return { site, from: seq, to: seq, count: 1, rank, attempts: 0, triedForMs: 0, waitedMs: 0 };
}

/** By instance. */
export type WaitingState = Readonly<Record<string, WaitingEntry>>;

export class WaitingInstance {
  readonly instance: string;
  readonly site: SiteId | undefined;
  readonly sinceMs: number;
  from: StreamSeq;
  to: StreamSeq;
  count: number;
  rank: SeverityRank;
  attempts: number;
  /** Monotonic; undefined before the first attempt. */
  triedSinceMs: number | undefined;
  state: "ready" | "under way" | "asleep" = "ready";
  timer: Timer | undefined;
  /** Its places in the stream are not what they were when it was last taken. */
  moved = false;

  constructor(instance: string, entry: WaitingEntry, nowMs: number) {
    this.instance = instance;
    this.site = entry.site === undefined ? undefined : toSiteId(entry.site);
    this.from = toStreamSeq(entry.from);
    this.to = toStreamSeq(entry.to);
    this.count = entry.count;
    this.rank = entry.rank;
    this.attempts = entry.attempts;
    this.sinceMs = nowMs - entry.waitedMs;
    this.triedSinceMs = entry.attempts > 0 ? nowMs - entry.triedForMs : undefined;
  }

  entry(nowMs: number): WaitingEntry {
    const { attempts, count, from, rank, sinceMs, site, to, triedSinceMs } = this;
    const triedForMs = nowMs - (triedSinceMs ?? nowMs);
    const waitedMs = nowMs - sinceMs;
    return {
      ...(site !== undefined && { site }),
      from,
      to,
      count,
      rank,
      attempts,
      triedForMs,
      waitedMs,
    };
  }
}
