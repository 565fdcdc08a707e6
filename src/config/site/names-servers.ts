import { valueAt } from "../../schema/schema-issue.ts";
import type { LoadedSite } from "./load-site.ts";

/** True when the configuration says where the backbone is; the default does not count. */
export function namesServers(site: LoadedSite): boolean {
  return valueAt(site.written, ["backbone", "servers"]) !== undefined;
}
