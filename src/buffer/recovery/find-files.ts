/** The segment files of a folder, each with what it turns out to be. Changes nothing in them. */
import { join } from "node:path";
import type { Disk, DiskFile } from "../../core/disk.ts";
import { GatewayError } from "../../core/errors.ts";
import type { GapRange } from "../../core/event.ts";
import type { Seq } from "../../core/ids.ts";
import type { KeyRing } from "../encryption/key-ring.ts";
import { lockedError } from "../encryption/locked-error.ts";
import { isLocked } from "../encryption/seal.ts";
import { folderError, isFolder, isMissing, isUnreadable } from "../files/disk-errors.ts";
import { sideBySide } from "../files/side-by-side.ts";
import { withFile } from "../files/with-file.ts";
import { firstSeqOfName, segmentName } from "../format/segment-header.ts";
import { inspectSegment, type SegmentFinding, segmentBytesIn } from "./inspect-segment.ts";

/** Files that are looked at together; twice what Node has threads for. */
const mostAtOnce = 8;

/** One file that has the name of a segment. */
export interface FoundFile {
  readonly path: string;
  /** By its name. */
  readonly firstSeq: Seq;
  readonly fileBytes: number;
  readonly finding: SegmentFinding;
  /** The medium did not give a byte of it. */
  readonly isSilent: boolean;
}

/**
 * In order of their first seqs. Rejects when the folder or a file in it cannot be used, for any
 * reason but that the medium does not give it, or when a later version of the program wrote into
 * it: then nothing may be changed.
 */
export async function findFiles(
  disk: Disk,
  folder: string,
  gatewayHash: string,
  keys: KeyRing,
): Promise<readonly FoundFile[]> {
  let names: readonly string[];
  try {
    await disk.makeFolder(folder);
    names = await disk.list(folder);
  } catch (failure) {
    throw folderError(failure, folder);
  }
  const firstSeqs = names.map(firstSeqOfName).filter((seq) => seq !== undefined);
  const inspected = await sideBySide(
    firstSeqs.sort((a, b) => a - b),
    mostAtOnce,
    (firstSeq) =>
      inspectFile(disk, join(folder, segmentName(firstSeq)), firstSeq, gatewayHash, keys),
  );
  const found = inspected.filter((file) => file !== undefined);
  const newer = found.find(({ finding }) => finding.kind === "newer");
  if (newer)
    throw new GatewayError(
      "buffer.version",
      `${newer.path} was written by a later version of sluicegate; run that version`,
    );
  return found;
}

/**
 * Throws where the medium gives not a byte of any file: such a disk is away rather than damaged, and
 * what is on it must not be called lost.
 */
export function refuseSilence(found: readonly FoundFile[], folder: string): void {
  if (found.length === 0 || found.some(({ isSilent }) => !isSilent)) return;
  throw new GatewayError(
    "buffer.io",
    `cannot read anything in ${folder}: the disk answers with errors; check its cable and the ` +
      "system's log, then start again; nothing was changed",
  );
}

/**
 * Throws where records are encrypted with a key that nobody named: without it nothing can be told
 * from damage, so nothing is touched.
 */
export function refuseLocked(found: readonly FoundFile[]): void {
  for (const { finding, path } of found) {
    if (finding.kind !== "sealed" && finding.kind !== "open") continue;
    const { seal } = finding.identity;
    if (seal && isLocked(seal)) throw lockedError(path, seal.keyId);
  }
}

/**
 * The seq from which others took over from the file at `index`; infinite for none. Segments that
 * were written after it failed say so in their headers. Where those were given up since, gap events
 * tell where they began: of `declared`, and of the sealed files.
 */
export function supersededFrom(
  files: readonly FoundFile[],
  index: number,
  declared: readonly GapRange[] = [],
): number {
  let from = Number.POSITIVE_INFINITY;
  const ownSeq = files[index]?.firstSeq ?? 0;
  const take = (seq: number): void => {
    if (seq > ownSeq) from = Math.min(from, seq);
  };
  const takeDropped = (ranges: readonly GapRange[]): void => {
    for (const range of ranges) if (range.reason === "dropped-full") take(range.from);
  };
  takeDropped(declared);
  for (const { finding } of files.slice(index + 1)) {
    // One without records is deleted, and a crash can bring it back with what was written to it.
    if (finding.kind === "empty") take(finding.supersedesSeq);
    if (finding.kind !== "sealed" && finding.kind !== "open") continue;
    take(finding.identity.supersedesSeq);
    if (finding.kind === "sealed") takeDropped(finding.trailer.tally.gaps);
  }
  return from;
}

/** Undefined for a file that is gone since it was listed. */
async function inspectFile(
  disk: Disk,
  path: string,
  firstSeq: Seq,
  gatewayHash: string,
  keys: KeyRing,
): Promise<FoundFile | undefined> {
  let isSilent = true;
  try {
    return await withFile(disk, path, async (file) => {
      const fileBytes = await segmentBytesIn(file);
      const heard: DiskFile = {
        ...file,
        async read(target, position) {
          const read = await file.read(target, position);
          isSilent = false;
          return read;
        },
      };
      const finding = await inspectSegment(heard, fileBytes, firstSeq, gatewayHash, keys);
      return { path, firstSeq, fileBytes, finding, isSilent };
    });
  } catch (failure) {
    if (isMissing(failure)) return undefined;
    if (isFolder(failure))
      return { path, firstSeq, fileBytes: 0, finding: { kind: "foreign" }, isSilent };
    if (!isUnreadable(failure)) throw folderError(failure, path);
    return { path, firstSeq, fileBytes: 0, finding: { kind: "unreadable" }, isSilent };
  }
}
