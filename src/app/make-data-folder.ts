import { access, constants } from "node:fs/promises";
import { nodeDisk } from "../buffer/disk.ts";
import { pathIn } from "../config/path-in.ts";
import type { SocketPlace } from "../config/status-socket.ts";
import { GatewayError } from "../core/errors.ts";
import { systemCode, systemReason } from "../core/system-reason.ts";

const denials = new Set(["EACCES", "EPERM", "EROFS", "EEXIST", "ENOTDIR", "ELOOP", "ENAMETOOLONG"]);

/**
 * The data folder of a site, made when it is missing. Throws `buffer.denied` where this user cannot
 * have it, and says what to do; a volume that became read-only under an existing folder passes.
 */
export async function makeDataFolder({ config, folder }: SocketPlace): Promise<string> {
  const data = pathIn(folder, config.gateway.data);
  try {
    await nodeDisk.makeFolder(data);
    await access(data, constants.R_OK | constants.X_OK);
  } catch (thrown) {
    const isDenied = denials.has(systemCode(thrown) ?? "");
    throw new GatewayError(
      isDenied ? "buffer.denied" : "buffer.io",
      `cannot use the data folder ${data}: ${systemReason(thrown)}; ` +
        "name one that this user may write as gateway.data, " +
        `or make this user its owner (chown -R <user> ${data})`,
      { cause: thrown },
    );
  }
  return data;
}
