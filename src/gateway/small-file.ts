/** Small files that are read and replaced as a whole. */
import { join } from "node:path";
import type { Disk } from "../core/disk.ts";

/** Replaces a file of the folder, or makes it; the new text is on the medium when this resolves. */
export async function replaceText(
  disk: Disk,
  folder: string,
  name: string,
  text: string,
): Promise<void> {
  const path = join(folder, name);
  const draft = `${path}.new`;
  await disk.unlink(draft).catch(() => {});
  const file = await disk.create(draft);
  try {
    const bytes = Buffer.from(text);
    for (let done = 0; done < bytes.length; )
      done += await file.write([bytes.subarray(done)], done);
    await file.sync();
  } finally {
    await file.close();
  }
  await disk.rename(draft, path);
  await disk.syncFolder(folder);
}

/** The whole text of a file; rejects with the system's error. */
export async function readText(disk: Disk, path: string): Promise<string> {
  const file = await disk.open(path, "read");
  try {
    const bytes = Buffer.alloc(await file.sizeBytes());
    await file.read(bytes, 0);
    return bytes.toString();
  } finally {
    await file.close();
  }
}
