import { type SiteConfig, siteSchema } from "../schema.ts";
import { type Place, readPlace } from "./read-place.ts";
import type { SiteFiles } from "./site-files.ts";

/** Where a site is: what a command needs that looks at its data, or asks others than its processes. */
export type SitePlace = Place<SiteConfig>;

/** As `readPlace`, of all sections. */
export function readSitePlace(path: string, files: SiteFiles): Promise<SitePlace> {
  return readPlace(path, files, siteSchema);
}
