/** The desk of what is inside this process. */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { SystemDesk } from "../../../api/routes/system-routes.ts";
import type { AboutPage } from "../../../api/shapes/system.ts";
import type { LoadedSite } from "../../../config/site/load-site.ts";
import { packageFolder } from "../../../config/site/package-folder.ts";
import { version } from "../../version.ts";
import { CheckUp, type CheckUpParts } from "./check-up.ts";
import { checkConfigText, configLines } from "./config-lines.ts";

export interface SystemParts extends CheckUpParts {
  readonly site: () => LoadedSite;
  readonly startedMs: number;
}

export function systemDesk(parts: SystemParts): SystemDesk {
  const { configPath, site, startedMs } = parts;
  const checkUp = new CheckUp(parts);
  return {
    async config() {
      const text = await readFile(configPath, "utf8").catch(() => undefined);
      return configLines(site().written, basename(configPath), text);
    },
    check: checkConfigText,
    health: () => checkUp.now(),
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
