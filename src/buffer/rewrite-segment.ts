/**
 * Takes the classes that were given up out of a segment: what is kept is copied to a new file, frame
 * by frame, and the new file is moved over the old one. The same brings a segment to other places of
 * the medium as it is.
 *
 * Whatever interrupts it, the name stands for one of the two files as a whole. What remains of an
 * attempt has a name that no start takes for a segment.
 */
import type { Disk, DiskFile } from "../core/disk.ts";
import { eventKinds } from "../core/event-kind.ts";
import { writeAll } from "./active-segment.ts";
import type { CreateFile } from "./create-over.ts";
import { isMissing } from "./disk-errors.ts";
import { appendedMsAt, frameBytes, payloadBytesAt, rankAt, seqAt, typeAt } from "./frame.ts";
import { FrameWalk, readPart } from "./frame-walk.ts";
import type { SeqRange } from "./gap-ranges.ts";
import { isDamaged, lastSeqOf, type Segment } from "./segment.ts";
import { formatFooter } from "./segment-footer.ts";
import {
  formatSegmentHeader,
  frameSeedOf,
  parseSegmentHeader,
  segmentHeaderBytes,
} from "./segment-header.ts";
import { Tally } from "./tally.ts";

/** Ends the name of a file that is not complete yet. */
const unfinishedSuffix = ".new";

/** True for what a crash left of an attempt to write a segment again. */
export function isUnfinished(name: string): boolean {
  return /^\d{20}\.seg\.new$/.test(name);
}

const noIdentities = Buffer.alloc(0);

export interface RewriteOptions {
  /** For the footer; none without it. */
  readonly identities?: Uint8Array;
  /** Begins the new file, with whatever size; the disk does it without this. */
  readonly create?: CreateFile;
}

/**
 * Resolves with the segment as it is then: its tally counts what was really found. Rejects with the
 * disk's error when nothing has changed but for the unfinished file.
 */
export async function rewriteSegment(
  disk: Disk,
  folder: string,
  segment: Segment,
  { create = (path) => disk.create(path), identities = noIdentities }: RewriteOptions = {},
): Promise<Segment> {
  const path = `${segment.path}${unfinishedSuffix}`;
  await disk.unlink(path).catch((failure: unknown) => {
    if (!isMissing(failure)) throw failure;
  });
  const source = await disk.open(segment.path, "read");
  try {
    const target = await create(path);
    let sparse: Segment;
    try {
      sparse = await copyKept(source, target, segment, identities);
    } finally {
      await target.close();
    }
    await disk.rename(path, segment.path);
    // Both files say the same about what is kept, so it does not matter which one a crash leaves.
    await disk.syncFolder(folder).catch(() => {});
    return sparse;
  } catch (failure) {
    await disk.unlink(path).catch(() => {});
    throw failure;
  } finally {
    await source.close();
  }
}

/** What is in a segment without the classes below some. */
interface Kept {
  readonly tally: Tally;
  /** Seqs without a whole record of any class. */
  readonly holes: readonly SeqRange[];
}

/** Counts the records of a segment that are whole and of a class that is kept, without writing. */
export async function countKept(disk: Disk, segment: Segment): Promise<Kept> {
  const file = await disk.open(segment.path, "read");
  try {
    return await walkKept(file, segment, segment.keptFrom, async () => {});
  } finally {
    await file.close();
  }
}

async function copyKept(
  source: DiskFile,
  target: DiskFile,
  segment: Segment,
  identities: Uint8Array,
): Promise<Segment> {
  const header = await readPart(source, 0, segmentHeaderBytes);
  const parsed = parseSegmentHeader(header);
  const isWhole = parsed.kind === "header";
  await writeAll(
    target,
    [isWhole ? formatSegmentHeader({ ...parsed.header, sparse: segment.keptFrom > 0 }) : header],
    0,
  );
  let framesEnd = segmentHeaderBytes;
  const { tally } = await walkKept(source, segment, segment.declaredFrom, async (frames) => {
    await writeAll(target, [frames], framesEnd);
    framesEnd += frames.length;
  });
  const footer = formatFooter({ ...segment, tally }, framesEnd, identities);
  await writeAll(target, [footer], framesEnd);
  const fileBytes = framesEnd + footer.length;
  await target.truncate(fileBytes);
  await target.sync();
  return { ...segment, tally, framesEnd, fileBytes, state: "closed" };
}

/** Gives the frames of classes from `keptFrom` on, one chunk at a time, and counts them. */
async function walkKept(
  file: DiskFile,
  segment: Segment,
  keptFrom: number,
  take: (frames: Buffer) => Promise<void>,
): Promise<Kept> {
  const tally = new Tally();
  const walk = new FrameWalk(file, segmentHeaderBytes, frameSeedOf(segment.uuid));
  const lastSeq = lastSeqOf(segment);
  const holes: SeqRange[] = [];
  let before = segment.firstSeq - 1;
  let kept = Buffer.alloc(0);
  while (await walk.load(segment.framesEnd)) {
    const { buffer } = walk;
    if (kept.length < buffer.length) kept = Buffer.allocUnsafe(buffer.length);
    let bytes = 0;
    for (let at = walk.next(); at >= 0; at = walk.next()) {
      const seq = seqAt(buffer, at);
      const code = rankAt(buffer, at);
      if (seq <= before || seq > lastSeq || isDamaged(segment, seq)) continue;
      if (seq > before + 1) holes.push({ from: before + 1, to: seq - 1 });
      before = seq;
      if (code < keptFrom) continue;
      const size = frameBytes(payloadBytesAt(buffer, at));
      tally.add(seq, appendedMsAt(buffer, at), code, size);
      if (typeAt(buffer, at) === eventKinds.gap.code) tally.addGap([]);
      bytes += buffer.copy(kept, bytes, at, at + size);
    }
    if (bytes > 0) await take(kept.subarray(0, bytes));
  }
  if (before < lastSeq) holes.push({ from: before + 1, to: lastSeq });
  tally.gaps = segment.tally.gaps;
  tally.firstSeq = segment.firstSeq;
  tally.lastSeq = lastSeq;
  return { tally, holes };
}
