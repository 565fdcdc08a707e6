import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** What the files of a folder have, those below it left out; 0 where it is not there or may not be read. */
export async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(folder).catch(() => []))
    bytes += await stat(join(folder, name)).then(
      (found) => (found.isFile() ? found.size : 0),
      () => 0,
    );
  return bytes;
}
