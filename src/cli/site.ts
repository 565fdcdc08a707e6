/** How commands find the site they are about. */

import type { LoadedSite } from "../config/site/load-site.ts";
import { readSitePlace, type SitePlace } from "../config/site/read-site-place.ts";
import { requireSite } from "../config/site/require-site.ts";
import { type SiteAgain, siteAgain } from "../config/site/site-again.ts";
import { machineFiles, type SiteFiles } from "../config/site/site-files.ts";
import { statusSocketOf } from "../config/status-socket.ts";

/** The files of this machine. */
export function filesHere(): SiteFiles {
  return machineFiles(process.env);
}

/** The site to run of a configuration file; prints what is wrong with its files, and throws. */
export function siteOf(configPath: string): Promise<LoadedSite> {
  return requireSite(configPath, filesHere(), (text) => process.stderr.write(text));
}

/** Its files, for a process that goes on while they change. */
export function againOf(configPath: string): SiteAgain {
  return siteAgain(configPath, filesHere());
}

/** The site to ask about; prints nothing. */
export function placeOf(configPath: string): Promise<SitePlace> {
  return readSitePlace(configPath, filesHere());
}

/** The status socket of the gateway: as given, or as the configuration says. */
export async function socketOf(options: { config: string; socket?: string }): Promise<string> {
  if (options.socket !== undefined) return options.socket;
  return statusSocketOf(await placeOf(options.config), ["gateway"]);
}
