import { socketPlaceSchema } from "../options.ts";
import type { SocketPlace } from "../status-socket.ts";
import { readPlace } from "./read-place.ts";
import type { SiteFiles } from "./site-files.ts";

/**
 * As `readPlace`, of nothing but where its processes answer. The form of all sections takes longer to
 * load than such a process takes to answer.
 */
export function readSocketPlace(path: string, files: SiteFiles): Promise<SocketPlace> {
  return readPlace(path, files, socketPlaceSchema);
}
