import type { SiteConfig } from "../schema.ts";
import type { SiteFiles } from "./site-files.ts";
import type { SiteFile, SiteReading } from "./site-reading.ts";
import type { SiteSections } from "./site-sections.ts";

/** What the parts of a site are read with. */
export interface Load {
  readonly files: SiteFiles;
  readonly reading: SiteReading;
  readonly main: SiteFile<SiteConfig>;
  /** Of the configuration file, as people wrote it, so that faults name files as they know them. */
  readonly folder: string;
  readonly sections: SiteSections;
}
