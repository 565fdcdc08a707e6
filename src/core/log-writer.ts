import type { GatewayError } from "./errors.ts";
import type { Seq } from "./ids.ts";
import type { RecordDraft } from "./record-draft.ts";

/** Tells how far the log is on disk. */
export interface Durability {
  /** Every record at or below it is on disk. Never goes back. */
  readonly durableSeq: Seq;
  /** Calls `listener` after each group commit. Gives the function that ends it. */
  onDurable(listener: () => void): () => void;
}

/** The log as seen by who writes to it. */
export interface LogWriter extends Durability {
  /** Highest seq given out. */
  readonly lastSeq: Seq;
  /**
   * Appends a record, or recognises a resend by its identity and appends nothing. `done` is called
   * once, after the record (or the one it repeats) is on disk, in order of the calls to `append`.
   * While the disk cannot take it, `done` waits: that is what holds devices back. Its argument is a
   * failure only when the log is closed before the record was durable.
   */
  append(draft: RecordDraft, done?: (failure?: GatewayError) => void): void;
}
