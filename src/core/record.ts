/**
 * The contract of the durable log. The buffer keeps it; sources append through it, the forwarder
 * reads from it, and what comes back is only "done".
 */
import type { EpochMs } from "./clock.ts";
import type { GatewayError } from "./errors.ts";
import type { EventKind, RecordClass } from "./event-kind.ts";
import type { DeviceId, EventId, LogPosition, RunId, Seq, StreamSeq } from "./ids.ts";

/**
 * What a device says to tell its messages apart: a resend has the same counter and the same bytes,
 * a device that starts its counter anew does not.
 */
export interface MessageIdentity {
  /** The device's own number of the message, a safe integer not below 0. */
  readonly counter: number;
  /** Hash of what the device says about its boot; 0 when it says nothing. 32 bits, unsigned. */
  readonly boot: number;
  /** CRC-32 of the payload as received, unsigned. */
  readonly hash: number;
}

/**
 * A QoS 2 message whose sender has not released it yet: the name by which a resend of it is
 * recognised, on disk together with the event.
 */
export interface Delivery {
  /** Digest of listener, user and client: 32 hexadecimal characters. */
  readonly session: string;
  /** The client's number of the message; free for another message once released. 1 to 65535. */
  readonly packetId: number;
  /** CRC-32 of topic and payload, unsigned. */
  readonly hash: number;
}

/** A record to be. */
export interface RecordDraft {
  readonly kind: EventKind;
  readonly recordClass: RecordClass;
  /** Null for the gateway's own events. */
  readonly device: DeviceId | null;
  readonly identity?: MessageIdentity;
  readonly delivery?: Delivery;
  /** Gives the event as it will travel (CloudEvent JSON), once the log has given it its id. */
  encode(id: EventId): string;
}

/** A record that is on disk. */
export interface StoredRecord extends LogPosition {
  /** When it was appended, wall clock. */
  readonly appendedMs: EpochMs;
  readonly kind: EventKind;
  readonly recordClass: RecordClass;
  /** Escaped, as it stands in the subject; `=` for the gateway's own. */
  readonly deviceToken: string;
  readonly delivery?: Delivery;
  /** The CloudEvent as it travels. Valid until the reader's next call. */
  readonly body: Uint8Array;
}

/** How far the backbone has confirmed: record `position` is message `streamSeq` of the stream. */
export interface StreamPosition extends LogPosition {
  readonly streamSeq: StreamSeq;
}

/** Reads records in order of `seq`, at or below the durable watermark only. */
export interface LogReader {
  /**
   * The next records, at most `maxRecords` and about 1 MiB; empty when there is nothing durable
   * behind the last one yet. Not to be called while a call is under way. Gaps in `seq` are records
   * that were dropped or damaged; each is declared by a gap event.
   */
  next(maxRecords: number): Promise<readonly StoredRecord[]>;
  close(): Promise<void>;
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
}

/** The durable log of one gateway. One process, one log, one data folder. */
export interface RecordLog {
  readonly run: RunId;
  readonly durableSeq: Seq;
  /** Highest seq given out. */
  readonly lastSeq: Seq;
  /** The confirmed position found at start or told since; undefined when there is none. */
  readonly confirmed: StreamPosition | undefined;
  /** The receive time of the last record found at start, or undefined for a new log. */
  readonly lastAppendedMs: EpochMs | undefined;

  /**
   * Appends a record, or recognises a resend by its identity and appends nothing. `done` is called
   * once, after the record (or the one it repeats) is on disk, in order of the calls to `append`.
   * While the disk cannot take it, `done` waits: that is what holds devices back. Its argument is a
   * failure only when the log is closed before the record was durable.
   */
  append(draft: RecordDraft, done?: (failure?: GatewayError) => void): void;

  /** Calls `listener` after each group commit. Gives the function that ends it. */
  onDurable(listener: () => void): () => void;

  /**
   * Opens a reader behind `after` (0 for the oldest record held). A `publishing` reader promises
   * that the cursor names a segment before the first record out of it is given.
   */
  openReader(after: Seq, options?: { readonly publishing?: boolean }): Promise<LogReader>;

  /** True when this log, in any held segment or by its cursor, knows the run. */
  knowsRun(run: RunId): boolean;
  /** Lowest seq still held; one above `lastSeq` when nothing is. */
  readonly firstSeq: Seq;

  /** The backbone has everything up to here. Never goes back by this call. */
  confirm(position: StreamPosition): void;
  /**
   * The backbone lost what it had confirmed: the log holds everything behind `position` (nothing
   * at all when undefined) for sending again. Returns how many records behind it are no longer
   * held and were never declared lost.
   */
  regress(position: StreamPosition | undefined): number;

  state(): LogState;
}
