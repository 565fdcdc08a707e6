/** One file, for as long as something is read from it. */
import type { Disk, DiskFile } from "../../core/disk.ts";
import { isUnreadable } from "./disk-errors.ts";

/** An I/O error may be one of the moment; more than this many in a row are none. */
const mostAttempts = 3;

/** Opens a file for reading, and closes it in any case. Rejects with what `open` or `use` met. */
export async function withFile<T>(
  disk: Disk,
  path: string,
  use: (file: DiskFile) => Promise<T>,
): Promise<T> {
  const file = await patiently(() => disk.open(path, "read"));
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

/** Asks again where the medium does not answer. */
export async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (failure) {
      if (attempt === mostAttempts || !isUnreadable(failure)) throw failure;
    }
  }
}
