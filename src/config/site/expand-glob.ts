import { join } from "node:path";
import { matchesGlob } from "../../core/glob.ts";
import { systemCode } from "../../core/system-reason.ts";
import type { SiteFiles } from "./site-files.ts";

/** True when a path stands for any number of files. */
export function isGlob(path: string): boolean {
  return path.includes("*");
}

/**
 * The files that a path with `*` in its names stands for, in the order of their names. Names that
 * begin with a dot are passed over; folders that are not there hold nothing, those that cannot be
 * listed go to `unlisted`.
 */
export async function expandGlob(
  pattern: string,
  { listFolder }: Pick<SiteFiles, "listFolder">,
  unlisted: (folder: string, thrown: unknown) => void,
): Promise<string[]> {
  let found = [pattern.startsWith("/") ? "/" : ""];
  for (const step of pattern.split("/").filter((part) => part !== "")) {
    if (!isGlob(step)) {
      found = found.map((folder) => join(folder, step));
      continue;
    }
    const below = await Promise.all(
      found.map(async (folder) => {
        const names = await listFolder(folder === "" ? "." : folder).catch((thrown: unknown) => {
          if (!isNothing(thrown)) unlisted(folder, thrown);
          return [];
        });
        return names
          .filter((name) => !name.startsWith(".") && matchesGlob(step, name))
          .sort()
          .map((name) => join(folder, name));
      }),
    );
    found = below.flat();
  }
  return found;
}

function isNothing(thrown: unknown): boolean {
  const code = systemCode(thrown);
  return code === "ENOENT" || code === "ENOTDIR";
}
