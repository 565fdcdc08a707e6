import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { pathIn } from "../../config/path-in.ts";
import type { SitePlace } from "../../config/site/read-site-place.ts";

/** The data folder of a site. */
export function dataFolderOf({ config, folder }: SitePlace): string {
  return pathIn(folder, config.gateway.data);
}

/** The folder itself, or where it is not made yet, the one that it will be made in. */
export async function nearestFolder(path: string): Promise<string> {
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  const above = dirname(path);
  return isThere || above === path ? path : nearestFolder(above);
}
