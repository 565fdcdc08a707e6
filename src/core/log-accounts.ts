import type { EpochMs } from "./clock.ts";
import type { LogPosition, RunId, Seq, StreamSeq } from "./ids.ts";

/** How far the backbone has confirmed: record `position` is message `streamSeq` of the stream. */
export interface StreamPosition extends LogPosition {
  readonly streamSeq: StreamSeq;
}

/** The state of the log, for people and metrics. */
export interface LogState {
  readonly run: RunId;
  /** Lowest seq still held; one above `lastSeq` when nothing is. */
  readonly firstSeq: Seq;
  /** Highest seq given out. */
  readonly lastSeq: Seq;
  readonly durableSeq: Seq;
  readonly confirmed: StreamPosition | undefined;
  /** Records not confirmed yet, counted exactly. */
  readonly waitingRecords: number;
  /** When the oldest of them was appended, wall clock. */
  readonly oldestWaitingMs: EpochMs | undefined;
  /** Bytes of all segments. */
  readonly sizeBytes: number;
  readonly maxBytes: number;
  /** Highest seq that is settled (confirmed and past its hold-back). */
  readonly settledSeq: Seq;
  readonly segments: number;
  /** Lost for good since the process started, each declared in a gap event. */
  readonly droppedRecords: number;
  /** False while nothing can be made durable; the reason is for people. */
  readonly writable: boolean;
  readonly trouble: string | undefined;
  /** The longest commit of the last minute; 0 where nothing was stored, absent from an earlier version. */
  readonly slowestCommitMs?: number;
}

/** What the log knows of itself and of the backbone. */
export interface LogAccounts {
  /** The confirmed position found at start or told since; undefined when there is none. */
  readonly confirmed: StreamPosition | undefined;
  /** The receive time of the last record found at start, or undefined for a new log. */
  readonly lastAppendedMs: EpochMs | undefined;
  /** What stands behind `seq` stays while there is room, also what is confirmed. */
  keepBehind(seq: Seq): void;
  /** The backbone has everything up to here. Never goes back by this call. */
  confirm(position: StreamPosition): void;
  /**
   * The backbone lost what it had confirmed: the log holds everything behind `position` (nothing
   * at all when undefined) for sending again. Gives how many records behind it are no longer held
   * and were never declared lost.
   */
  regress(position: StreamPosition | undefined): Promise<number>;
  state(): LogState;
}
