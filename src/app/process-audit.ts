/** The audit log of a process: a file of its own in the data folder. */
import { AuditFile } from "../audit/audit-file.ts";
import { AuditLog } from "../audit/audit-log.ts";
import { nodeDisk } from "../buffer/disk.ts";
import type { LoadedSite } from "../config/site/load-site.ts";
import type { Clock } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import { makeDataFolder } from "./make-data-folder.ts";
import { newRun } from "./new-run.ts";
import type { RoleName } from "./roles.ts";

/** Of one file; five are kept. */
const mostBytes = 8 * 1024 * 1024;

export interface AuditedProcess {
  readonly site: LoadedSite;
  readonly roles: readonly RoleName[];
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface ProcessAudit {
  readonly log: AuditLog;
  /** Opens its file. Called by a process that is known to be the only one of its roles. */
  begin(): Promise<void>;
}

/** Processes of one configuration share a folder, and each has other roles. */
export function processAudit({ clock, logger, roles, site }: AuditedProcess): ProcessAudit {
  const source = `/${site.config.site}/${site.config.gateway.id}/${roles.join("+")}`;
  const log = new AuditLog({ source, clock, logger });
  return {
    log,
    async begin() {
      const name = `audit-${roles.join("-")}.ndjson`;
      try {
        const folder = await makeDataFolder(site);
        log.begin(await AuditFile.open({ disk: nodeDisk, folder, name, mostBytes }, newRun));
      } catch (thrown) {
        // A gateway whose disk lets nothing be written goes on, and so does who looks at it.
        const refuse = (): Promise<never> => Promise.reject(thrown);
        const file = {
          end: { chain: newRun(), seq: 0, hash: "" },
          append: refuse,
          async close() {},
        };
        log.begin({ file, entries: [], trouble: undefined });
      }
    },
  };
}
