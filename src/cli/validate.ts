/** `sluicegate validate`: are the files right? Reads files and nothing else. */

import { effectiveConfig } from "../config/effective.ts";
import {
  countFaults,
  countSentence,
  type FaultFormat,
  printFaults,
} from "../config/print-faults.ts";
import { writeYaml } from "../config/read-yaml.ts";
import { loadSite } from "../config/site/load-site.ts";
import type { SiteFiles } from "../config/site/site-files.ts";
import { maskAddress } from "../core/mask-secrets.ts";

export interface ValidateArgs {
  /** The configuration file. */
  readonly path: string;
  readonly output: FaultFormat;
  /** Warnings count as faults. */
  readonly strict: boolean;
  /** Print a valid configuration with every default filled in; the faults go to `stderr` then. */
  readonly printEffective: boolean;
}

export interface ValidateIo {
  stdout(text: string): void;
  stderr(text: string): void;
  readonly files: SiteFiles;
}

/** Prints every fault of every file; resolves with the exit status: 0 valid, 1 not. */
export async function runValidate(args: ValidateArgs, io: ValidateIo): Promise<number> {
  const result = await loadSite(args.path, io.files);
  const counts = countFaults(result.faults, result.fileCount);
  const isEffective = args.printEffective && result.ok;
  const print = (text: string): void => (isEffective ? io.stderr(text) : io.stdout(text));

  print(printFaults(result.faults, result.fileCount, args.output));
  if (args.output === "text") print(`${countSentence(counts)}\n`);
  if (isEffective) io.stdout(maskAddress(writeYaml(effectiveConfig(result.site.written))));
  return counts.errors > 0 || (args.strict && counts.warnings > 0) ? 1 : 0;
}
