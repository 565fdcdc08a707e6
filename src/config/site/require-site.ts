import { GatewayError } from "../../core/errors.ts";
import { countFaults, countSentence, printFaults } from "../print-faults.ts";
import { type LoadedSite, loadSite } from "./load-site.ts";
import type { SiteFiles } from "./site-files.ts";

/**
 * The site that a process runs with. Prints what is wrong with its files, warnings too; throws
 * `config.unreadable` or `config.invalid` when it cannot be run. Rule files with faults are no reason
 * not to: whoever alerts goes on with the rules that were in force.
 */
export async function requireSite(
  path: string,
  files: SiteFiles,
  print: (text: string) => void,
): Promise<LoadedSite> {
  const result = await loadSite(path, files);
  print(printFaults(result.faults, result.fileCount, "text"));
  if (result.site) return result.site;
  if (result.fileCount === 0) {
    throw new GatewayError(
      "config.unreadable",
      `cannot read the configuration ${path}; name another with --config, ` +
        "or begin one with sluicegate init",
    );
  }
  const counted = countSentence(countFaults(result.faults, result.fileCount));
  throw new GatewayError("config.invalid", `${counted}; correct them and start again`);
}
