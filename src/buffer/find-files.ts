/** The segment files of a folder, each with what it turns out to be. Changes nothing in them. */
import { join } from "node:path";
import type { Disk } from "../core/disk.ts";
import { GatewayError } from "../core/errors.ts";
import type { Seq } from "../core/ids.ts";
import { folderError } from "./disk-errors.ts";
import { inspectSegment, type SegmentFinding } from "./inspect-segment.ts";
import { firstSeqOfName, segmentName } from "./segment-header.ts";

/** One file that has the name of a segment. */
export interface FoundFile {
  readonly path: string;
  /** By its name. */
  readonly firstSeq: Seq;
  readonly fileBytes: number;
  readonly finding: SegmentFinding;
}

/**
 * In order of their first seqs. Rejects when the folder cannot be used, or when a later version of
 * the program wrote into it: then nothing may be changed.
 */
export async function findFiles(
  disk: Disk,
  folder: string,
  gatewayHash: string,
): Promise<readonly FoundFile[]> {
  let names: readonly string[];
  try {
    await disk.makeFolder(folder);
    names = await disk.list(folder);
  } catch (failure) {
    throw folderError(failure, folder);
  }
  const firstSeqs = names.map(firstSeqOfName).filter((seq) => seq !== undefined);
  const found: FoundFile[] = [];
  for (const firstSeq of firstSeqs.sort((a, b) => a - b))
    found.push(await inspectFile(disk, join(folder, segmentName(firstSeq)), firstSeq, gatewayHash));
  const newer = found.find(({ finding }) => finding.kind === "newer");
  if (newer)
    throw new GatewayError(
      "buffer.version",
      `${newer.path} was written by a later version of sluicegate; run that version`,
    );
  return found;
}

/** The seq from which segments that were written after a failed one take over; infinite for none. */
export function supersededFrom(later: readonly FoundFile[]): number {
  let from = Number.POSITIVE_INFINITY;
  for (const { finding } of later)
    if (
      (finding.kind === "sealed" || finding.kind === "open") &&
      finding.identity.supersedesSeq > 0
    )
      from = Math.min(from, finding.identity.supersedesSeq);
  return from;
}

async function inspectFile(
  disk: Disk,
  path: string,
  firstSeq: Seq,
  gatewayHash: string,
): Promise<FoundFile> {
  try {
    const file = await disk.open(path, "read");
    try {
      const fileBytes = await file.sizeBytes();
      const finding = await inspectSegment(file, fileBytes, firstSeq, gatewayHash);
      return { path, firstSeq, fileBytes, finding };
    } finally {
      await file.close();
    }
  } catch {
    return { path, firstSeq, fileBytes: 0, finding: { kind: "unreadable" } };
  }
}
