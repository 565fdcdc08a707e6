/** `sluicegate rules validate`: what `validate` says, of rules only. */
import { dirname } from "node:path";
import { pathIn } from "../config/path-in.ts";
import {
  countFaults,
  countSentence,
  type FaultFormat,
  printFaults,
} from "../config/print-faults.ts";
import { expandGlob } from "../config/site/expand-glob.ts";
import { loadSite } from "../config/site/load-site.ts";
import { filesHere, placeOf } from "./site.ts";

export interface ValidateRulesOptions {
  readonly config: string;
  readonly output: FaultFormat;
  readonly strict?: boolean;
}

/** Prints every fault of a rule file, and of the section that names them; exit 1 where there is one. */
export async function validateRules(options: ValidateRulesOptions): Promise<void> {
  const files = filesHere();
  const folder = dirname(options.config);
  const { config } = await placeOf(options.config);
  const paths = new Set<string>();
  for (const pattern of config.rules.files)
    for (const path of await expandGlob(pathIn(folder, pattern), files, () => {})) paths.add(path);
  const { faults } = await loadSite(options.config, files);
  const own = faults.filter(
    ({ file, path }) => paths.has(file) || (file === options.config && path[0] === "rules"),
  );
  const counts = countFaults(own, paths.size);
  process.stdout.write(printFaults(own, paths.size, options.output));
  if (options.output === "text") process.stdout.write(`${countSentence(counts)}\n`);
  if (counts.errors > 0 || (options.strict === true && counts.warnings > 0)) process.exitCode = 1;
}
