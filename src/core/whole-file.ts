/** Files that are read and replaced as a whole. */
import type { Disk, DiskFile } from "./disk.ts";
import { systemCode } from "./system-reason.ts";

/** The bytes of a file, the first `mostBytes` of it. Rejects with the system's error. */
export async function readWhole(
  disk: Disk,
  path: string,
  mostBytes = Number.MAX_SAFE_INTEGER,
): Promise<Buffer> {
  const file = await disk.open(path, "read");
  try {
    const bytes = Buffer.alloc(Math.min(await file.sizeBytes(), mostBytes));
    return bytes.subarray(0, await file.read(bytes, 0));
  } finally {
    await file.close();
  }
}

/**
 * Replaces a file of the folder, or makes it: whatever happens meanwhile, the old content is there or
 * the new. `write` fills a file that `create` made. What it wrote is on the medium when this
 * resolves, with the new file, open.
 */
export async function replaceWhole(
  disk: Disk,
  folder: string,
  name: string,
  write: (file: DiskFile) => Promise<void>,
  create: (path: string) => Promise<DiskFile> = (path) => disk.create(path),
): Promise<DiskFile> {
  const path = `${folder}/${name}`;
  const draft = `${path}.new`;
  await disk.unlink(draft).catch((failure: unknown) => {
    if (systemCode(failure) !== "ENOENT") throw failure;
  });
  const file = await create(draft);
  try {
    await write(file);
    await file.sync();
    await disk.rename(draft, path);
    await disk.syncFolder(folder);
    return file;
  } catch (failure) {
    await file.close().catch(() => {});
    throw failure;
  }
}
