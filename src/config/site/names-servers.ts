import type { LoadedSite } from "./load-site.ts";

/** True when the configuration says where the backbone is; the default does not count. */
export function namesServers(site: LoadedSite): boolean {
  const { written } = site;
  if (typeof written !== "object" || written === null || !("backbone" in written)) return false;
  const { backbone } = written;
  return typeof backbone === "object" && backbone !== null && "servers" in backbone;
}
