import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { DoctorSurroundings } from "./check.ts";

/** A file that the system tells something in, such as `proc/meminfo`; undefined where there is none. */
export function systemText(
  { root }: Pick<DoctorSurroundings, "root">,
  path: string,
): Promise<string | undefined> {
  return readFile(join(root, path), "utf8").then(
    (text) => text,
    () => undefined,
  );
}
