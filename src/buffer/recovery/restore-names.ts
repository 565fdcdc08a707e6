/**
 * A segment says in its header which seq it begins with, and with that what its file is called. One
 * that somebody renamed, or copied back under another name, gets its name again.
 */
import { basename, join } from "node:path";
import type { Disk } from "../../core/disk.ts";
import type { Seq } from "../../core/ids.ts";
import type { Logger } from "../../core/logger.ts";
import { cursorName } from "../cursor.ts";
import type { KeyRing } from "../encryption/key-ring.ts";
import { readHeader } from "../files/read-header.ts";
import { withFile } from "../files/with-file.ts";
import { firstSeqOfName, segmentName } from "../format/segment-header.ts";
import { quarantineFolderName } from "../losses/quarantine.ts";
import { reserveNames } from "../space/reserve.ts";
import { isUnfinished } from "../space/rewrite-segment.ts";
import type { FoundFile } from "./find-files.ts";
import { inspectSegment, segmentBytesIn } from "./inspect-segment.ts";

export interface RestoreContext {
  readonly disk: Disk;
  readonly folder: string;
  readonly logger: Logger;
  readonly gatewayHash: string;
  readonly keys: KeyRing;
  readonly confirmedSeq: number;
}

/**
 * Renames what is misnamed, where its own name is free; true when there was such a file. Copies of
 * segments that are there stay as they are, and so does what the backbone has as a whole. Unfinished
 * files are deleted.
 */
export async function restoreNames(
  context: RestoreContext,
  found: readonly FoundFile[],
): Promise<boolean> {
  const { disk, folder, logger } = context;
  const names = await disk.list(folder);
  const misnamed = new Set(
    found.filter(({ finding }) => finding.kind === "misnamed").map(({ path }) => basename(path)),
  );
  let restored = false;
  for (const name of names) {
    if (isUnfinished(name)) await disk.unlink(join(folder, name)).catch(() => {});
    if (isUnfinished(name) || isNoSegment(name)) continue;
    if (firstSeqOfName(name) !== undefined && !misnamed.has(name)) continue;
    const firstSeq = await firstSeqToRestore(context, name).catch(() => undefined);
    if (firstSeq === undefined || names.includes(segmentName(firstSeq))) continue;
    try {
      await disk.rename(join(folder, name), join(folder, segmentName(firstSeq)));
      await disk.syncFolder(folder);
      logger.warn("a segment of the buffer was renamed; it has its name again", { name, firstSeq });
      restored = true;
    } catch (failure) {
      logger.warn("cannot give a segment its name again", { name, failure: String(failure) });
    }
  }
  return restored;
}

function isNoSegment(name: string): boolean {
  const others: readonly string[] = [quarantineFolderName, ...Object.values(reserveNames)];
  return name.startsWith(cursorName) || others.includes(name);
}

/** The seq it begins with; undefined for files that are no segments of ours, or only old ones. */
async function firstSeqToRestore(
  { confirmedSeq, disk, folder, gatewayHash, keys }: RestoreContext,
  name: string,
): Promise<Seq | undefined> {
  return withFile(disk, join(folder, name), async (file) => {
    const header = await readHeader(file);
    if (header.kind !== "header") return undefined;
    const { firstSeq } = header.header;
    const fileBytes = await segmentBytesIn(file);
    const finding = await inspectSegment(file, fileBytes, firstSeq, gatewayHash, keys);
    if (finding.kind === "open") return firstSeq;
    if (finding.kind !== "sealed" || finding.trailer.tally.lastSeq <= confirmedSeq)
      return undefined;
    return firstSeq;
  });
}
