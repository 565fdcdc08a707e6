/**
 * Closes a segment that a crash left open: what lies behind its last whole record goes, a footer
 * comes. Each step can be cut short by the next crash and is then done again.
 */
import { basename } from "node:path";
import type { Disk, DiskFile } from "../../core/disk.ts";
import type { Logger } from "../../core/logger.ts";
import { writeAll } from "../../core/write-all.ts";
import { closeSection } from "../encryption/seal.ts";
import { isZero } from "../files/is-zero.ts";
import { piecesOf } from "../files/read-part.ts";
import type { SegmentScan } from "../files/scan.ts";
import { formatFooter } from "../format/segment-footer.ts";
import { framesFrom } from "../format/segment-header.ts";
import type { KnownMessages } from "../known-messages.ts";
import type { Quarantine } from "../losses/quarantine.ts";
import type { Segment } from "../segment.ts";

export interface RepairContext {
  readonly disk: Disk;
  readonly quarantine: Quarantine;
  readonly logger: Logger;
  readonly identities: KnownMessages;
  /** Most bytes of identities in the footer. */
  readonly identityBytes: number;
  /** Of the machine, as segments name it; empty where it is not known. */
  readonly bootId: string;
  /** A write to a segment ends with the record that brings it to this size. */
  readonly commitBytes: number;
}

/**
 * A segment without a single whole record is deleted. A disk that refuses leaves the segment open;
 * its records are readable all the same.
 *
 * Where the machine has not been started again since the segment was begun (`bootId`), what is read
 * may be what the system remembers and the medium never got: the last write is done again. Resolves
 * with false when that failed, and the medium may not have it.
 */
export async function repairSegment(
  context: RepairContext,
  segment: Segment,
  scan: SegmentScan,
  bootId: string,
): Promise<boolean> {
  const name = basename(segment.path);
  const isDoubtful = bootId === "" || bootId === context.bootId;
  let isFirm = !isDoubtful;
  let file: DiskFile | undefined;
  try {
    file = await context.disk.open(segment.path, "read-write");
    if (isDoubtful) {
      await writeAgain(file, segment, context.commitBytes + scan.largestFrameBytes);
      isFirm = true;
    }
    for (const { from, to } of scan.badBytes)
      await context.quarantine.keepBytes(file, {
        segment: name,
        offset: from,
        bytes: to - from,
        reason: "damaged",
      });
    const tail = {
      segment: name,
      offset: segment.framesEnd,
      bytes: segment.fileBytes - segment.framesEnd,
      reason: "torn-tail",
    };
    // What the medium does not give is kept as far as it goes: it is not known to be nothing.
    const isNothing = await isZero(file, tail.offset, segment.fileBytes).catch(() => false);
    if (!isNothing) {
      context.logger.warn(
        "the last write before the crash was torn; what was acked is whole",
        tail,
      );
      if (!(await context.quarantine.keepBytes(file, tail))) return isFirm;
    }
    if (segment.tally.recordCount === 0) {
      await context.disk.unlink(segment.path);
      return isFirm;
    }
    await file.truncate(segment.framesEnd);
    await file.sync();
    const identities = await context.identities.format(
      context.identityBytes,
      Number.POSITIVE_INFINITY,
    );
    const section = closeSection(segment.seal, identities);
    const footer = formatFooter(segment, segment.framesEnd, section);
    await writeAll(file, [footer], segment.framesEnd);
    await file.sync();
    segment.fileBytes = segment.framesEnd + footer.length;
  } catch (failure) {
    context.logger.warn("cannot close a segment that a crash left open", {
      segment: name,
      failure: String(failure),
    });
  } finally {
    await file?.close().catch(() => {});
  }
  return isFirm;
}

async function writeAgain(
  file: DiskFile,
  { framesEnd, seal }: Segment,
  lastBytes: number,
): Promise<void> {
  const from = Math.max(framesFrom(seal?.keyId ?? 0), framesEnd - lastBytes);
  for await (const { at, bytes } of piecesOf(file, from, framesEnd))
    await writeAll(file, [bytes], at);
  await file.sync();
}
