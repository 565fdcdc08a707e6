import type { Seq } from "./ids.ts";
import type { RecordDraft } from "./record-draft.ts";

/** Tells how far the log is on disk. */
export interface Durability {
  /** Every record up to this one is on disk. Never goes back. */
  readonly durableSeq: Seq;
  /** Calls `listener` after each group commit. Gives the function that ends it. */
  onDurable(listener: () => void): () => void;
}

/** The log as seen by who writes to it. */
export interface LogWriter extends Durability {
  /** Highest seq given out. */
  readonly lastSeq: Seq;
  /**
   * Appends a record, or recognizes a resend by its identity and appends nothing. Gives the seq that
   * vouches for the draft: once `durableSeq` has reached it, the draft is on disk. For a resend that
   * is the seq of the first copy, for a record too large to be stored the seq of its declared loss.
   *
   * While the disk takes nothing `durableSeq` stands still: that is what holds devices back. A log
   * that is closed stores nothing more, and what it gives is never reached.
   */
  append(draft: RecordDraft): Seq;
}
