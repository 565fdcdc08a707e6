/**
 * Takes the classes that were given up out of a segment: what is kept is copied to a new file, frame
 * by frame, and the new file is moved over the old one. The same brings a segment to other places of
 * the medium as it is.
 *
 * Whatever interrupts it, the name stands for one of the two files as a whole. What remains of an
 * attempt has a name that no start takes for a segment.
 */
import type { Disk, DiskFile } from "../../core/disk.ts";
import { writeAll } from "../../core/write-all.ts";
import { closeSection } from "../encryption/seal.ts";
import type { CreateFile } from "../files/create-over.ts";
import { deleteFile } from "../files/delete-file.ts";
import { readHeader, readHeaderCopy } from "../files/read-header.ts";
import { readPart } from "../files/read-part.ts";
import { formatFooter } from "../format/segment-footer.ts";
import { formatSegmentHeader, framesFrom } from "../format/segment-header.ts";
import { walkKept } from "../losses/kept-records.ts";
import type { Segment } from "../segment.ts";

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
  await deleteFile(disk, path);
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

async function copyKept(
  source: DiskFile,
  target: DiskFile,
  segment: Segment,
  identities: Uint8Array,
): Promise<Segment> {
  const first = framesFrom(segment.seal?.keyId ?? 0);
  const found = await readHeader(source);
  const parsed = found.kind === "header" ? found : await readHeaderCopy(source);
  const header =
    parsed.kind === "header"
      ? formatSegmentHeader({ ...parsed.header, sparse: segment.keptFrom > 0 })
      : await readPart(source, 0, first);
  await writeAll(target, [header], 0);
  let framesEnd = first;
  const { tally } = await walkKept(source, segment, segment.declaredFrom, async (frames) => {
    await writeAll(target, [frames], framesEnd);
    framesEnd += frames.length;
  });
  const section = closeSection(segment.seal, identities);
  const footer = formatFooter({ ...segment, tally }, framesEnd, section);
  await writeAll(target, [footer], framesEnd);
  const fileBytes = framesEnd + footer.length;
  await target.truncate(fileBytes);
  await target.sync();
  return { ...segment, tally, framesEnd, fileBytes, state: "closed" };
}
