/**
 * Turns the files that a start found into segments of the log: those that were closed as they are,
 * those that were left open after reading them through.
 */
import type { Disk } from "../../core/disk.ts";
import type { GapRange } from "../../core/event.ts";
import { openSection } from "../encryption/seal.ts";
import { readPart } from "../files/read-part.ts";
import { type ScanOptions, type SegmentScan, scanSegment } from "../files/scan.ts";
import { withFile } from "../files/with-file.ts";
import { isSectionValid } from "../format/segment-footer.ts";
import { framesFrom } from "../format/segment-header.ts";
import type { Segment } from "../segment.ts";
import { type FoundFile, supersededFrom } from "./find-files.ts";
import { LastWrite, type LastWriteContext } from "./last-write.ts";
import { type RepairContext, repairSegment } from "./repair-segment.ts";

export interface AdoptedFiles {
  /** In order of their seqs. */
  readonly segments: readonly Segment[];
  /** Of the newest segment, where the medium may not have it. */
  readonly lastWrite: LastWrite | undefined;
}

/**
 * Loads the identities, closes what was left open, deletes what is empty. Files in which nothing
 * makes sense are left alone.
 */
export async function adoptFiles(
  context: RepairContext & LastWriteContext,
  found: readonly FoundFile[],
): Promise<AdoptedFiles> {
  const { identities } = context;
  const indexed = await loadNewestIdentities(context, found);
  const declared = await readDeclared(context, found);
  const segments: Segment[] = [];
  let lastWrite: LastWrite | undefined;
  for (const [index, file] of found.entries()) {
    const { finding } = file;
    if (finding.kind === "sealed" && (index <= indexed || finding.identity.sparse)) {
      segments.push(toSegment(file, finding.identity, finding.trailer));
      lastWrite = undefined;
    } else if (finding.kind === "sealed" || finding.kind === "open") {
      const belowSeq = supersededFrom(found, index, declared);
      const scan = await scanFile(context.disk, file.path, {
        uuid: finding.identity.uuid,
        seal: finding.identity.seal,
        firstSeq: file.firstSeq,
        belowSeq,
        end: file.fileBytes,
        onIdentity: (token, message, seq) => {
          if (index > indexed) identities.add(token, message, seq);
        },
      });
      const segment = toSegment(file, finding.identity, scan);
      const isFirm = await repairSegment(context, segment, scan, finding.identity.bootId);
      if (scan.tally.recordCount === 0) continue;
      segments.push(segment);
      // A segment that others follow was synced up to where they begin.
      lastWrite = isFirm ? undefined : await doubt(context, segment, scan, belowSeq);
    } else if (finding.kind === "empty") {
      await context.disk.unlink(file.path).catch(() => {});
    }
  }
  if (found.some(({ finding }) => finding.kind === "empty"))
    await context.disk.syncFolder(context.folder).catch(() => {});
  return { segments, lastWrite };
}

async function doubt(
  context: RepairContext & LastWriteContext,
  segment: Segment,
  { framesEnd, largestFrameBytes }: SegmentScan,
  belowSeq: number,
): Promise<LastWrite> {
  const { firstSeq, path, seal, uuid } = segment;
  const first = framesFrom(seal?.keyId ?? 0);
  const end = Math.max(first, framesEnd - context.commitBytes - largestFrameBytes);
  const firm = await scanFile(context.disk, path, { uuid, seal, firstSeq, belowSeq, end });
  return new LastWrite(context, segment, firm);
}

/** What gap events say in files that were left open, where that matters: behind another such file. */
async function readDeclared(
  { disk }: RepairContext,
  found: readonly FoundFile[],
): Promise<readonly GapRange[]> {
  const declared: GapRange[] = [];
  const oldest = found.find(({ finding }) => finding.kind === "open");
  for (const [index, file] of found.entries()) {
    const { fileBytes, finding, firstSeq, path } = file;
    if (finding.kind !== "open" || file === oldest) continue;
    const scan = await scanFile(disk, path, {
      uuid: finding.identity.uuid,
      seal: finding.identity.seal,
      firstSeq,
      belowSeq: supersededFrom(found, index),
      end: fileBytes,
    });
    declared.push(...scan.tally.gaps);
  }
  return declared;
}

function toSegment(
  { path, firstSeq, fileBytes }: FoundFile,
  { uuid, seal, run, previousSeq }: Pick<Segment, "uuid" | "seal" | "run" | "previousSeq">,
  { tally, framesEnd }: Pick<Segment, "tally" | "framesEnd">,
): Segment {
  return {
    path,
    uuid,
    seal,
    run,
    firstSeq,
    previousSeq,
    tally,
    framesEnd,
    fileBytes,
    state: "closed",
    confirmedAtMs: undefined,
    damaged: [],
    keptFrom: 0,
    declaredFrom: 0,
  };
}

/**
 * Each footer names the identities of all segments up to its own, so the newest is enough. Where a
 * crash tore that one, the one before is taken, and what follows is read through. Gives the place of
 * the segment that was taken, -1 for none.
 */
async function loadNewestIdentities(
  { disk, identities }: RepairContext,
  found: readonly FoundFile[],
): Promise<number> {
  for (const [index, { finding, path }] of [...found.entries()].reverse()) {
    if (finding.kind !== "sealed" || finding.identity.sparse) continue;
    const section = finding.trailer.identities;
    const bytes = await withFile(disk, path, (file) => readPart(file, section.at, section.bytes));
    const plain = isSectionValid(section, bytes)
      ? openSection(finding.identity.seal, bytes)
      : undefined;
    if (plain === undefined) continue;
    identities.load(plain);
    return index;
  }
  return -1;
}

/** Reads a whole file. */
export function scanFile(disk: Disk, path: string, options: ScanOptions): Promise<SegmentScan> {
  return withFile(disk, path, (file) => scanSegment(file, options));
}
