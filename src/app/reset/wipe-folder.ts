import { systemCode } from "../../core/system-reason.ts";
import type { HeldFolder } from "./held-folder.ts";
import { wipeFile } from "./wipe-file.ts";

/** What is passed over, and who is told of what could not be wiped; paths are below the folder. */
export interface WipeFolderOptions {
  readonly isKept: (path: string) => boolean;
  readonly failed: (path: string, thrown: unknown) => void;
}

/** Wipes everything in a folder, in the folders in it first; never rejects for a single entry. */
export async function wipeFolder(
  folder: HeldFolder,
  options: WipeFolderOptions,
  above = "",
): Promise<void> {
  for (const name of await folder.names()) {
    const path = `${above}${name}`;
    if (options.isKept(path)) continue;
    try {
      await wipeEntry(folder, name, path, options);
    } catch (thrown) {
      if (systemCode(thrown) !== "ENOENT") options.failed(path, thrown);
    }
  }
}

async function wipeEntry(
  folder: HeldFolder,
  name: string,
  path: string,
  options: WipeFolderOptions,
): Promise<void> {
  if (!(await folder.look(name)).isDirectory()) return wipeFile(folder, name);
  const inner = await folder.hold(name);
  try {
    await wipeFolder(inner, options, `${path}/`);
  } finally {
    await inner.close();
  }
  await folder.removeFolder(name);
}
