/** Texts that are read and replaced as a whole. */
import { join } from "node:path";
import type { Disk, DiskFile } from "../core/disk.ts";
import { systemCode } from "../core/system-reason.ts";
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

/** One such text, under a fixed name. */
export function textFile(disk: Disk, folder: string, name: string) {
  return {
    /** Undefined where there is no such file; rejects with the system's error where it cannot be read. */
    read: (): Promise<string | undefined> =>
      readText(disk, join(folder, name)).catch((failure: unknown) => absent(failure)),
    replace: (text: string): Promise<void> => replaceText(disk, folder, name, text),
    remove: (): Promise<void> =>
      disk.unlink(join(folder, name)).catch((failure: unknown) => void absent(failure)),
  };
}

function absent(failure: unknown): undefined {
  if (systemCode(failure) !== "ENOENT") throw failure;
  return undefined;
}
