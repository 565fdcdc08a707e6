/** Texts that are read and replaced as a whole. */
import type { Disk, DiskFile } from "../core/disk.ts";
import { readWhole, replaceWhole } from "../core/whole-file.ts";
import { writeAll } from "../core/write-all.ts";

/** Replaces a file of the folder, or makes it; the new text is on the medium when this resolves. */
export async function replaceText(
  disk: Disk,
  folder: string,
  name: string,
  text: string,
): Promise<void> {
  const write = (file: DiskFile): Promise<void> => writeAll(file, [Buffer.from(text)], 0);
  const file = await replaceWhole(disk, folder, name, write);
  await file.close();
}

/** The whole text of a file; rejects with the system's error. */
export async function readText(disk: Disk, path: string): Promise<string> {
  return (await readWhole(disk, path)).toString();
}
