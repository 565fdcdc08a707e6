/** The files of a site that runs already: read again, or only looked at for a change. */
import { join } from "node:path";
import { pathIn } from "../path-in.ts";
import { expandGlob } from "./expand-glob.ts";
import { changeMarkOf } from "./half-changed.ts";
import { type LoadedSite, type LoadResult, loadSite } from "./load-site.ts";
import type { SiteFiles } from "./site-files.ts";

export interface SiteAgain {
  /** Its configuration file. */
  readonly path: string;
  /** As `loadSite` of its configuration file. */
  load(): Promise<LoadResult>;
  /**
   * What is in the configuration file, the site's own profiles and its rule files, to be compared with
   * an earlier look; a file that cannot be read is as if it were empty.
   */
  print(site: LoadedSite): Promise<string>;
}

export function siteAgain(path: string, files: SiteFiles): SiteAgain {
  return {
    path,
    load: () => loadSite(path, files),
    async print({ config, folder }) {
      // What was passed over while it was there counts once it is gone.
      const paths = [path, changeMarkOf(folder)];
      for (const own of config.profiles.folders)
        for (const maker of await namesIn(pathIn(folder, own), files))
          for (const model of await namesIn(join(pathIn(folder, own), maker), files))
            paths.push(join(pathIn(folder, own), maker, model));
      for (const pattern of config.rules.files)
        paths.push(...(await expandGlob(pathIn(folder, pattern), files, () => {})));
      const parts: string[] = [];
      for (const one of paths) {
        const bytes = await files.readFile(one).catch(() => new Uint8Array());
        parts.push(one, Buffer.from(bytes).toString("latin1"));
      }
      return parts.join("\0");
    },
  };
}

async function namesIn(folder: string, files: SiteFiles): Promise<readonly string[]> {
  return (await files.listFolder(folder).catch(() => [])).toSorted();
}
