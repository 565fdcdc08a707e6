/** What a segment keeps: the records that are whole and of a class that was not given up. */
import type { Disk, DiskFile } from "../../core/disk.ts";
import { eventKinds } from "../../core/event-kind.ts";
import { RecordWalk } from "../files/record-walk.ts";
import { withFile } from "../files/with-file.ts";
import { appendedMsAt, frameBytesAt, rankAt, typeAt } from "../format/frame.ts";
import type { SeqRange } from "../format/gap-ranges.ts";
import { Tally } from "../format/tally.ts";
import { isDamaged, lastSeqOf, type Segment } from "../segment.ts";

/** What is in a segment without the classes below some. */
interface Kept {
  readonly tally: Tally;
  /** Seqs without a whole record of any class. */
  readonly holes: readonly SeqRange[];
}

/** Counts the records of a segment that are whole and of a class that is kept, without writing. */
export function countKept(disk: Disk, segment: Segment): Promise<Kept> {
  return withFile(disk, segment.path, (file) =>
    walkKept(file, segment, segment.keptFrom, async () => {}),
  );
}

/** Gives the frames of classes from `keptFrom` on, one chunk at a time, and counts them. */
export async function walkKept(
  file: DiskFile,
  segment: Segment,
  keptFrom: number,
  take: (frames: Buffer) => Promise<void>,
): Promise<Kept> {
  const tally = new Tally();
  const { firstSeq, seal, uuid } = segment;
  const lastSeq = lastSeqOf(segment);
  const isLost = (seq: number): boolean => isDamaged(segment, seq);
  const walk = new RecordWalk(file, { uuid, seal, firstSeq, belowSeq: lastSeq + 1, isLost });
  const holes: SeqRange[] = [];
  let kept = Buffer.alloc(0);
  while (await walk.load(segment.framesEnd)) {
    const { buffer } = walk;
    if (kept.length < buffer.length) kept = Buffer.allocUnsafe(buffer.length);
    let bytes = 0;
    for (let at = walk.next(); at >= 0; at = walk.next()) {
      if (walk.missing) holes.push(walk.missing);
      const code = rankAt(buffer, at);
      if (code < keptFrom) continue;
      const size = frameBytesAt(buffer, at);
      tally.add(walk.lastSeq, appendedMsAt(buffer, at), code, size);
      if (typeAt(buffer, at) === eventKinds.gap.code) tally.addGap([]);
      bytes += buffer.copy(kept, bytes, at, at + size);
    }
    if (bytes === 0) continue;
    // The same nonces and the same records: byte for byte what stood on disk.
    seal?.cipher?.close(kept, 0, bytes);
    await take(kept.subarray(0, bytes));
  }
  holes.push(...walk.missingBehind(lastSeq));
  tally.gaps = segment.tally.gaps;
  tally.firstSeq = firstSeq;
  tally.lastSeq = lastSeq;
  return { tally, holes };
}
