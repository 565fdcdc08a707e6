/** One segment of the log, as the process knows it. */
import type { RunId } from "../core/ids.ts";
import type { SeqRange } from "./gap-ranges.ts";
import { countRanges, subtractRanges } from "./gap-ranges.ts";
import type { Tally } from "./tally.ts";

/**
 * - `active`: records are being appended.
 * - `closed`: complete; it only waits to be confirmed and to grow old.
 * - `leaving`: given up; its gap event is on the way to disk, nobody may begin to read it.
 * - `gone`: the file is deleted.
 */
export type SegmentState = "active" | "closed" | "leaving" | "gone";

export interface Segment {
  readonly path: string;
  readonly uuid: Uint8Array;
  readonly run: RunId;
  /** The seq in its name, also before its first record is durable. */
  readonly firstSeq: number;
  /** The seq before it in the log, as its header says. */
  readonly previousSeq: number;
  /** Its durable records. */
  readonly tally: Tally;
  /** Where its durable frames end. */
  framesEnd: number;
  /** Bytes of the file. */
  fileBytes: number;
  state: SegmentState;
  /** Monotonic time at which all of it was confirmed; undefined before. */
  confirmedAtMs: number | undefined;
  /** Records in it that are lost and were declared so. */
  damaged: SeqRange[];
}

/** Highest durable seq; one below the first while there is none. */
export function lastSeqOf(segment: Segment): number {
  return Math.max(segment.tally.lastSeq, segment.firstSeq - 1);
}

/** How many of its records stand behind `seq`, without those that are lost. */
export function countBehind(segment: Segment, seq: number): number {
  const from = Math.max(segment.firstSeq, seq + 1);
  const to = lastSeqOf(segment);
  return from > to ? 0 : countRanges(subtractRanges({ from, to }, segment.damaged));
}
