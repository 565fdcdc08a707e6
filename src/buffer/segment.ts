/** One segment of the log, as the process knows it. */
import type { RunId } from "../core/ids.ts";
import type { Seal } from "./encryption/seal.ts";
import { recordClasses } from "./format/frame.ts";
import type { SeqRange } from "./format/gap-ranges.ts";
import { countRanges, subtractRanges } from "./format/gap-ranges.ts";
import type { Tally } from "./format/tally.ts";

/**
 * - `active`: records are being appended.
 * - `closed`: complete; it only waits to be confirmed and to grow old.
 * - `rewriting`: a file without the classes that were given up is being written.
 * - `rewritten`: that file has taken the place of this one, as another segment of the table.
 * - `gone`: the file is deleted.
 */
export type SegmentState = "active" | "closed" | "rewriting" | "rewritten" | "gone";

export interface Segment {
  readonly path: string;
  readonly uuid: Uint8Array;
  /** How its records are encrypted; undefined where they are not. */
  readonly seal: Seal | undefined;
  readonly run: RunId;
  /** The seq in its name, also before its first record is durable. */
  readonly firstSeq: number;
  /** The seq before it in the log, as its header says. */
  readonly previousSeq: number;
  /** Its durable records, as far as the file still has them. */
  tally: Tally;
  /** Where its durable frames end. */
  framesEnd: number;
  /** Bytes of the file. */
  fileBytes: number;
  state: SegmentState;
  /** Monotonic time at which all of it was confirmed; undefined before. */
  confirmedAtMs: number | undefined;
  /** Records in it that are lost and were declared so; unknown once a class was given up. */
  damaged: SeqRange[];
  /** Classes with a lower number are given up: nobody may be given their records. */
  keptFrom: number;
  /**
   * The same, as far as a durable gap event says it. Readers wait in front of a segment for which
   * this is lower: whoever passed it by would pass by records that nobody declared.
   */
  declaredFrom: number;
}

/** Behind the highest class: a segment that keeps from here on keeps nothing. */
export const nothingKept = recordClasses.length;

/** Highest durable seq; one below the first while there is none. */
export function lastSeqOf(segment: Segment): number {
  return Math.max(segment.tally.lastSeq, segment.firstSeq - 1);
}

/** The seqs that are its own, whatever of them is there. */
export function spanOf(segment: Segment): SeqRange {
  return { from: segment.firstSeq, to: lastSeqOf(segment) };
}

/** True for a record that was declared lost, also where its bytes came back since. */
export function isDamaged({ damaged }: Segment, seq: number): boolean {
  return damaged.length > 0 && damaged.some(({ from, to }) => from <= seq && seq <= to);
}

/** How many of its records have a class from `code` on. */
export function countFrom({ tally }: Segment, code: number): number {
  let count = 0;
  for (let at = code; at < tally.records.length; at += 1) count += tally.records[at] ?? 0;
  return count;
}

/** How many records it keeps. */
export function keptRecordsOf(segment: Segment): number {
  return countFrom(segment, segment.keptFrom);
}

/** Bytes that are free once what was given up is off the disk. */
export function leavingBytesOf(segment: Segment): number {
  if (segment.keptFrom === 0) return 0;
  if (keptRecordsOf(segment) === 0) return segment.fileBytes;
  return segment.tally.bytes.slice(0, segment.keptFrom).reduce((sum, bytes) => sum + bytes, 0);
}

/** True while the gap event of what was given up in it is not durable. */
export function isUndeclared({ declaredFrom, keptFrom }: Segment): boolean {
  return keptFrom > declaredFrom;
}

/**
 * How many of its records stand behind `seq`, without those that are lost. At most so many where
 * `seq` is in the midst of a segment without some classes.
 */
export function countBehind(segment: Segment, seq: number): number {
  const from = Math.max(segment.firstSeq, seq + 1);
  const to = lastSeqOf(segment);
  if (segment.keptFrom > 0) return Math.max(0, Math.min(keptRecordsOf(segment), to - from + 1));
  if (from > to) return 0;
  return segment.damaged.length === 0
    ? to - from + 1
    : countRanges(subtractRanges({ from, to }, segment.damaged));
}
