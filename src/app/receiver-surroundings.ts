/** What receivers of a site reach people and programs by, joined by hand. */
import { readSecret } from "../config/secrets.ts";
import type { LoadedSite } from "../config/site/load-site.ts";
import type { SiteFiles } from "../config/site/site-files.ts";
import { readTextFile } from "../config/text-file.ts";
import type { Clock } from "../core/clock.ts";
import { createPoster } from "../notify/http-post.ts";
import type { ReceiverSurroundings } from "../notify/receiver-kind.ts";

/** `out` takes the lines of the log receiver. */
export function receiverSurroundings(
  site: LoadedSite,
  files: SiteFiles,
  clock: Clock,
  out: (line: string) => void,
): ReceiverSurroundings {
  const places = { ...files, folder: site.folder };
  return {
    clock,
    out,
    createPoster,
    readSecret: (reference) => readSecret(reference, places),
    readText: (path) => readTextFile(path, places),
  };
}
