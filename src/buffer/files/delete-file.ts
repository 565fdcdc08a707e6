import type { Disk } from "../../core/disk.ts";
import { isMissing } from "./disk-errors.ts";

/** Deletes a file; one that is gone already is as good. */
export async function deleteFile(disk: Disk, path: string): Promise<void> {
  await disk.unlink(path).catch((failure: unknown) => {
    if (!isMissing(failure)) throw failure;
  });
}
