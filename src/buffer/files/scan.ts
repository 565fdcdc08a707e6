/** Reads a whole segment and says what is in it: for recovery, for losses, and for tools. */

import type { DiskFile } from "../../core/disk.ts";
import type { GapRange } from "../../core/event.ts";
import { eventKinds } from "../../core/event-kind.ts";
import { gapRangesOf } from "../../core/gap-range.ts";
import type { MessageIdentity } from "../../core/record.ts";
import { isLocked, type Seal } from "../encryption/seal.ts";
import { appendedMsAt, frameBytesAt, frameHeaderBytes, rankAt, typeAt } from "../format/frame.ts";
import type { SeqRange } from "../format/gap-ranges.ts";
import { bodyAt, identityAt, tokenAt } from "../format/payload.ts";
import { Tally } from "../format/tally.ts";
import { type RecordsToWalk, RecordWalk } from "./record-walk.ts";

export interface SegmentScan {
  /** The valid records. */
  readonly tally: Tally;
  /** Where the last valid frame ends. */
  readonly framesEnd: number;
  /** Seqs that are missing between valid records or before the first. */
  readonly holes: readonly SeqRange[];
  /** Bytes between valid frames that are none, `to` not included. */
  readonly badBytes: readonly SeqRange[];
  readonly largestFrameBytes: number;
}

export interface ScanOptions extends RecordsToWalk {
  /** Where to stop reading. */
  readonly end: number;
  readonly onIdentity?: (token: string, identity: MessageIdentity, seq: number) => void;
}

export async function scanSegment(file: DiskFile, options: ScanOptions): Promise<SegmentScan> {
  const tally = new Tally();
  const holes: SeqRange[] = [];
  let largestFrameBytes = 0;
  const walk = new RecordWalk(file, options);
  while (await walk.load(options.end)) {
    for (let at = walk.next(); at >= 0; at = walk.next()) {
      if (walk.missing) holes.push(walk.missing);
      countFrame(tally, walk.buffer, at, walk.lastSeq, options);
      largestFrameBytes = Math.max(largestFrameBytes, frameBytesAt(walk.buffer, at));
    }
  }
  return { tally, framesEnd: walk.end, holes, badBytes: walk.takeBad(), largestFrameBytes };
}

/** What the record declares lost; undefined when it is no gap event, or cannot be read. */
export function gapsAt(
  buffer: Buffer,
  at: number,
  seal: Seal | undefined,
): readonly GapRange[] | undefined {
  if (isLocked(seal) || typeAt(buffer, at) !== eventKinds.gap.code) return undefined;
  return gapRangesOf(bodyAt(buffer, at).toString());
}

function countFrame(
  tally: Tally,
  buffer: Buffer,
  at: number,
  seq: number,
  { onIdentity, seal }: ScanOptions,
): void {
  tally.add(seq, appendedMsAt(buffer, at), rankAt(buffer, at), frameBytesAt(buffer, at));
  const gaps = gapsAt(buffer, at, seal);
  if (gaps) tally.addGap(gaps);
  const payloadAt = at + frameHeaderBytes;
  if (isLocked(seal)) return;
  const identity = onIdentity && identityAt(buffer, payloadAt);
  if (identity) onIdentity?.(tokenAt(buffer, payloadAt), identity, seq);
}
