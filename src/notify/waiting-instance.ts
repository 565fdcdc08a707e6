/**
 * An instance that has something to be told of, by places in the stream.
 *
 * Transitions are not kept: they are read again from their places when their turn comes. So memory
 * grows with instances, and neither with what waits for each nor with its size.
 */
import type { EpochMs } from "../core/clock.ts";
import { type SiteId, type StreamSeq, toSiteId, toStreamSeq } from "../core/ids.ts";
import type { SeverityRank } from "../core/severity-rank.ts";
import type { Holding } from "./judge-telling.ts";
import type { LastChange } from "./last-change.ts";
import type { Turn } from "./turn.ts";

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
  /** How long something of the instance could have gone. */
  readonly waitedMs: number;
  /** It was held back for a while: only how it is then is of interest. */
  readonly held?: true;
}

/** The entry of an instance of which one transition waits, as it is when it is first seen. */
export function newEntry(
  site: SiteId | undefined,
  seq: StreamSeq,
  rank: SeverityRank,
): WaitingEntry {
  const where = site === undefined ? {} : { site };
  return { ...where, from: seq, to: seq, count: 1, rank, attempts: 0, triedForMs: 0, waitedMs: 0 };
}

/** By instance. */
export type WaitingState = Readonly<Record<string, WaitingEntry>>;

export class WaitingInstance {
  readonly instance: string;
  readonly site: SiteId | undefined;
  /** Monotonic. */
  readonly seenMs: number;
  from: StreamSeq;
  to: StreamSeq;
  count: number;
  rank: SeverityRank;
  /** Of the next turn, from before a restart. */
  attempts: number;
  triedForMs: number;
  waitedMs: number;
  wasHeld: boolean;
  /** Undefined while it is only known where the transitions stand. */
  last: LastChange | undefined;
  /** Wall clock. */
  unackedSinceMs: EpochMs | undefined;
  /** What is on its way. */
  turn: Turn | undefined;
  /** Why it is held back, for people. */
  holding: Holding | undefined;
  /** The group that it waits with. */
  groupKey: string | undefined;
  /** Told by itself: the notice of its group was not taken. */
  single = false;
  /** It is about what was told already. */
  repeat = false;
  /** ... and something that held people back from it is over: a shelf, or that it changed all the time. */
  isBack = false;
  /** Its places in the stream are not what they were when its turn came. */
  moved = false;

  constructor(instance: string, entry: WaitingEntry, nowMs: number) {
    this.instance = instance;
    this.site = entry.site === undefined ? undefined : toSiteId(entry.site);
    this.from = toStreamSeq(entry.from);
    this.to = toStreamSeq(entry.to);
    this.count = entry.count;
    this.rank = entry.rank;
    this.attempts = entry.attempts;
    this.triedForMs = entry.triedForMs;
    this.waitedMs = entry.waitedMs;
    this.wasHeld = entry.held === true;
    this.seenMs = nowMs;
  }

  /** What was told already is told again; `isBack` as above. */
  tellAgain(isBack: boolean): void {
    this.repeat = true;
    this.isBack = isBack;
  }

  /** Something else of it is to be told. */
  admit(seq: StreamSeq): void {
    if (this.count === 0) this.from = seq;
    this.to = seq;
    this.count += 1;
  }

  /** What it had up to `seq`, so many transitions, is done with. */
  finish(seq: StreamSeq, count: number): void {
    this.turn = undefined;
    this.attempts = 0;
    this.triedForMs = 0;
    this.waitedMs = 0;
    this.single = false;
    this.repeat = false;
    this.isBack = false;
    if (!this.moved && seq >= this.from) {
      this.from = toStreamSeq(seq + 1);
      this.count = this.from <= this.to ? Math.max(1, this.count - count) : 0;
    }
    this.moved = false;
  }

  entry(nowMs: number): WaitingEntry {
    const { count, from, rank, site, to, turn, wasHeld } = this;
    const own = turn && !turn.group ? turn : undefined;
    const triedForMs = nowMs - (own?.triedSinceMs ?? nowMs);
    return {
      ...(site !== undefined && { site }),
      from,
      to,
      count,
      rank,
      attempts: own?.attempts ?? this.attempts,
      triedForMs: own ? triedForMs : this.triedForMs,
      waitedMs: own ? nowMs - own.readySinceMs : this.waitedMs,
      ...(wasHeld && { held: true }),
    };
  }
}
