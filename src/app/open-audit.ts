/** The audit log of a process: a file of its own in the data folder. */
import { AuditFile } from "../audit/audit-file.ts";
import { AuditLog } from "../audit/audit-log.ts";
import { nodeDisk } from "../buffer/disk.ts";
import type { LoadedSite } from "../config/site/load-site.ts";
import type { Clock } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import { makeDataFolder } from "./make-data-folder.ts";
import type { RoleName } from "./roles.ts";

export interface AuditedProcess {
  readonly site: LoadedSite;
  readonly roles: readonly RoleName[];
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Processes of one configuration share a folder, and each has other roles. */
export async function openAudit({ clock, logger, roles, site }: AuditedProcess): Promise<AuditLog> {
  const folder = await makeDataFolder(site);
  const name = `audit-${roles.join("-")}.ndjson`;
  const { file, lines } = await AuditFile.open(nodeDisk, folder, name).catch((thrown: unknown) => ({
    // A gateway whose disk lets nothing be written goes on, and so does who looks at it.
    file: { append: () => Promise.reject(thrown), close: async () => {} },
    lines: [],
  }));
  return new AuditLog({
    ...{ file, lines, clock, logger },
    source: `/${site.config.site}/${site.config.gateway.id}/${roles.join("+")}`,
    newId: () => crypto.randomUUID(),
  });
}
