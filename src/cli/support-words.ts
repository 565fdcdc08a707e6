/** What can be typed of `support-bundle`. */
import type { Command } from "commander";
import { addExamples } from "./examples.ts";
import { configOption } from "./shared-options.ts";

export function addSupportWords(program: Command): void {
  const bundle = program
    .command("support-bundle")
    .description(
      "an archive for whoever is to help: doctor, status, configuration, journal; redacted, also of a dead box",
    )
    .addOption(configOption)
    .option("--out <file>", "where to write it; default: sluicegate-support-<time>.tar.gz")
    .option("--dry-run", "say what would be in it, and write nothing")
    .option("--yes", "write it without a question")
    .action(async (options) => (await import("./support-bundle.ts")).runSupportBundle(options));
  addExamples(bundle, {
    "sluicegate support-bundle --dry-run": "see what would be in it",
    "sluicegate support-bundle --out case-17.tar.gz --yes": "write it, and ask nothing",
  });
}
