/** The desk of what is inside this process. */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { StatusDesk } from "../../../api/routes/status-routes.ts";
import type { SystemDesk } from "../../../api/routes/system-routes.ts";
import type { AboutPage } from "../../../api/shapes/system.ts";
import type { LoadedSite } from "../../../config/site/load-site.ts";
import { packageFolder } from "../../../config/site/package-folder.ts";
import { version } from "../../version.ts";
import type { DeadLetterBook } from "../dead-letters/dead-letter-book.ts";
import { healthChecks } from "../status/health-checks.ts";
import { checkConfigText, configLines } from "./config-lines.ts";

export interface SystemParts {
  readonly configPath: string;
  readonly site: () => LoadedSite;
  readonly status: StatusDesk;
  readonly book: DeadLetterBook | undefined;
  readonly startedMs: number;
}

export function systemDesk(parts: SystemParts): SystemDesk {
  const { book, configPath, site, startedMs, status } = parts;
  return {
    async config() {
      const text = await readFile(configPath, "utf8").catch(() => undefined);
      return configLines(site().written, basename(configPath), text);
    },
    check: checkConfigText,
    async health() {
      await book?.now().catch(() => undefined);
      const faults = site().rules.faults.map(
        ({ file, message, place }) => `${file}${place ? `:${place.line}` : ""}: ${message}`,
      );
      return healthChecks(status.now(), faults);
    },
    async about() {
      return {
        version,
        node: process.version,
        platform: `${process.platform} ${process.arch}`,
        startedMs,
        packages: await packagesInside(),
      };
    },
  };
}

/** As the build wrote them down; none where it runs from its sources. */
async function packagesInside(): Promise<AboutPage["packages"]> {
  const file = fileURLToPath(new URL("dist/THIRD-PARTY-NOTICES.txt", packageFolder()));
  const text = await readFile(file, "utf8").catch(() => "");
  return Array.from(
    text.matchAll(/^(@?[\w./-]+) (\d\S*) \(([^)\n]+)\)$/gm),
    ([, name = "", its = "", license = ""]) => ({ name, version: its, license }),
  );
}
