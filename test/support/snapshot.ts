import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

/** Every file below a folder with its content and the time of its last change. */
export async function snapshotOf(folder: string): Promise<Record<string, string>> {
  const facts: Record<string, string> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    facts[path] = `${(await stat(path)).mtimeMs} ${(await readFile(path)).toString("base64")}`;
  }
  return facts;
}
