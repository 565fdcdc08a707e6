/** One notice on its way: of one instance, or of several of a group that are told together. */
import type { Timer } from "../core/clock.ts";
import type { StreamSeq } from "../core/ids.ts";
import type { SeverityRank } from "../core/severity-rank.ts";
import type { NoticeCause, NoticeGroup } from "./receiver.ts";
import type { WaitingInstance } from "./waiting-instance.ts";

/** What of an instance a notice is about. */
export interface TurnMember {
  readonly waiting: WaitingInstance;
  /** Nothing behind it; what comes later is in a later notice. */
  readonly upTo: StreamSeq;
  /** Transitions until there. */
  readonly count: number;
}

/**
 * Which transitions are told: the `next` one; the `last` that there is; of a digest `all` that began and
 * ended; the end of what the receiver believes to go on, `close`; `none`, when it is not known yet
 * what waits.
 */
export type TurnReading = "next" | "last" | "all" | "close" | "none";

export class Turn {
  readonly cause: NoticeCause;
  readonly reading: TurnReading;
  readonly members: readonly TurnMember[];
  readonly group: NoticeGroup | undefined;
  /** Of a group: the id of its notice, the same in every attempt and after a restart. */
  readonly id: string | undefined;
  rank: SeverityRank;
  attempts = 0;
  /** Monotonic; undefined before the first attempt. */
  triedSinceMs: number | undefined;
  /** Since when it could go, monotonic. */
  readySinceMs: number;
  /** The cursor holds what it is about, so a restart makes the same notice. */
  kept = false;
  /** What the receiver had been told of when this was tried first. */
  deliveredBefore: number | undefined;
  state: "ready" | "under way" | "asleep" = "ready";
  timer: Timer | undefined;

  constructor(
    what: Pick<Turn, "cause" | "reading" | "members" | "group" | "id" | "rank">,
    nowMs: number,
  ) {
    this.cause = what.cause;
    this.reading = what.reading;
    this.members = what.members;
    this.group = what.group;
    this.id = what.id;
    this.rank = what.rank;
    this.readySinceMs = nowMs;
  }
}
