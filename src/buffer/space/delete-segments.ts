/** Deletes segments whose records are confirmed, or declared lost. */
import type { Disk } from "../../core/disk.ts";
import type { Logger } from "../../core/logger.ts";
import { deleteFile } from "../files/delete-file.ts";
import type { Segment } from "../segment.ts";
import type { SegmentTable } from "../segment-table.ts";

export interface DeleteContext {
  readonly disk: Disk;
  readonly folder: string;
  readonly logger: Logger;
  readonly table: SegmentTable;
}

/** The table is rid of them at once; a file that stays is deleted by the next start. */
export async function deleteSegments(
  { disk, folder, logger, table }: DeleteContext,
  segments: readonly Segment[],
): Promise<void> {
  if (segments.length === 0) return;
  for (const segment of segments) table.remove(segment);
  try {
    for (const { path } of segments) await deleteFile(disk, path);
    await disk.syncFolder(folder);
  } catch (failure) {
    logger.warn("cannot delete a segment; the next start will", { failure: String(failure) });
  }
}
