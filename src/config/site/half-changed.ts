import { join } from "node:path";
import { systemCode } from "../../core/system-reason.ts";
import type { Load } from "./load.ts";
import type { SiteFiles } from "./site-files.ts";

/** Which change left files of two versions. */
export interface HalfChanged {
  /** The version of the fleet that was being put in place; undefined where it was gone back from. */
  readonly version: number | undefined;
}

/** There while `fleet` replaces the files of a site. */
export function changeMarkOf(folder: string): string {
  return join(folder, ".fleet", "changing");
}

/**
 * Says that a change of the fleet was cut off, or goes on now: files of two versions were never
 * validated together. Only a warning, since a start always succeeds; what runs already does not take them.
 */
export async function tellHalfChanged({
  files,
  folder,
  main,
}: Load): Promise<HalfChanged | undefined> {
  const mark = await markIn(folder, files);
  if (mark === undefined) return undefined;
  const version = /^\d{1,15}$/.test(mark) ? Number(mark) : undefined;
  const goal = version === undefined ? "back to the version before" : `to version ${version}`;
  main.report({
    code: "config.half-changed",
    path: [],
    message: `these files are of two versions: a change of the fleet ${goal} was cut off, or goes on now`,
    hint: "sluicegate fleet apply --rollback --yes undoes it; or apply the bundle again",
    severity: "warning",
  });
  return { version };
}

/** Undefined where there is none; a folder that this user may not enter says nothing. */
async function markIn(folder: string, files: SiteFiles): Promise<string | undefined> {
  try {
    return Buffer.from(await files.readFile(changeMarkOf(folder))).toString();
  } catch (thrown) {
    // It is there all the same.
    return systemCode(thrown) === "EFBIG" ? "" : undefined;
  }
}
