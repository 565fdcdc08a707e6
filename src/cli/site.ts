/** How commands find the site they are about. */

import type { LoadedSite } from "../config/site/load-site.ts";
import type { SitePlace } from "../config/site/read-site-place.ts";
import { readSocketPlace } from "../config/site/read-socket-place.ts";
import type { SiteAgain } from "../config/site/site-again.ts";
import { machineFiles, type SiteFiles } from "../config/site/site-files.ts";
import { type SocketPlace, statusSocketOf } from "../config/status-socket.ts";

/** The files of this machine. */
export function filesHere(): SiteFiles {
  return machineFiles(process.env);
}

/**
 * The site to run of a configuration file; prints what is wrong with its files, and throws. What reads
 * profiles and rules is loaded here: who only asks how a process is waits for none of it.
 */
export async function siteOf(configPath: string): Promise<LoadedSite> {
  const { requireSite } = await import("../config/site/require-site.ts");
  return requireSite(configPath, filesHere(), (text) => process.stderr.write(text));
}

/** Its files, for a process that goes on while they change. */
export async function againOf(configPath: string): Promise<SiteAgain> {
  const { siteAgain } = await import("../config/site/site-again.ts");
  return siteAgain(configPath, filesHere());
}

/** The site to ask about; prints nothing. */
export async function placeOf(configPath: string): Promise<SitePlace> {
  const { readSitePlace } = await import("../config/site/read-site-place.ts");
  return readSitePlace(configPath, filesHere());
}

/** As much of it as says where its processes answer. */
export function socketPlaceOf(configPath: string): Promise<SocketPlace> {
  return readSocketPlace(configPath, filesHere());
}

/** The status socket of the gateway: as given, or as the configuration says. */
export async function socketOf(options: { config: string; socket?: string }): Promise<string> {
  if (options.socket !== undefined) return options.socket;
  return statusSocketOf(await socketPlaceOf(options.config), ["gateway"]);
}
