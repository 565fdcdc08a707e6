/** The audit log of this process: a file of its own in the data folder. */
import { AuditFile } from "../../../api/audit/audit-file.ts";
import { AuditLog } from "../../../api/audit/audit-log.ts";
import { nodeDisk } from "../../../buffer/disk.ts";
import type { AtEnd } from "../../../core/open-parts.ts";
import { makeDataFolder } from "../../make-data-folder.ts";
import type { WebSurroundings } from "../web-part.ts";

/** Processes of one configuration share a folder, and each has other roles. */
export async function openAudit(
  { clock, logger, roles, site }: WebSurroundings,
  atEnd: AtEnd,
): Promise<AuditLog> {
  const folder = await makeDataFolder(site);
  const name = `audit-${roles.join("-")}.ndjson`;
  const { file, lines } = await AuditFile.open(nodeDisk, folder, name).catch((thrown: unknown) => ({
    // A gateway whose disk lets nothing be written goes on, and so does who looks at it.
    file: { append: () => Promise.reject(thrown), close: async () => {} },
    lines: [],
  }));
  const audit = new AuditLog({
    ...{ file, lines, clock },
    source: `/${site.config.site}/${site.config.gateway.id}/${roles.join("+")}`,
    newId: () => crypto.randomUUID(),
    logger: logger("console"),
  });
  atEnd(() => audit.stop());
  return audit;
}
