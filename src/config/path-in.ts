import { isAbsolute, join } from "node:path";

/** A path of the configuration as the system takes it. */
export function pathIn(folder: string, path: string): string {
  return isAbsolute(path) ? path : join(folder, path);
}
