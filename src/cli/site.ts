/** How commands find the site they are about. */
import type { LoadedSite } from "../app/load-site.ts";
import { packageFolder } from "../app/package-folder.ts";
import { requireSite } from "../app/require-site.ts";
import { machineFiles, type SiteFiles } from "../app/site-files.ts";
import { type RoleName, statusSocketOf } from "../app/status-socket.ts";

/** The files of this machine. */
export function filesHere(): SiteFiles {
  return machineFiles(process.env, packageFolder());
}

/** The site of a configuration file; prints what is wrong with it, and throws. */
export function siteOf(configPath: string): Promise<LoadedSite> {
  return requireSite(configPath, filesHere(), (text) => process.stderr.write(text));
}

/** The status socket: as given, or as the configuration says. */
export async function socketOf(options: { config: string; socket?: string }): Promise<string> {
  if (options.socket !== undefined) return options.socket;
  const roles: RoleName[] = ["gateway"];
  return statusSocketOf(await siteOf(options.config), roles);
}
