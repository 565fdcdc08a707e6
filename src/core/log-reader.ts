import type { RunId, Seq } from "./ids.ts";
import type { Durability } from "./log-writer.ts";
import type { StoredRecord } from "./record.ts";

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

/** The log as seen by who reads it. */
export interface ReadableLog extends Durability {
  /** Of this start of the process. */
  readonly run: RunId;
  /** Lowest seq still held; one above the highest given out when nothing is. */
  readonly firstSeq: Seq;
  /** True when this log, in any held segment or by its cursor, knows the run. */
  knowsRun(run: RunId): boolean;
  /**
   * Opens a reader behind `after` (0 for the oldest record held). A `publishing` reader promises
   * that the cursor names a segment before the first record out of it is given.
   */
  openReader(after: Seq, options?: { readonly publishing?: boolean }): Promise<LogReader>;
}
