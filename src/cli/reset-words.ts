/** What can be typed to make a box forget. */
import type { Command } from "commander";
import { addExamples } from "./examples.ts";
import { configOption } from "./shared-options.ts";

/** `reset`. */
export function addResetWords(program: Command): void {
  const reset = program
    .command("reset")
    .description(
      "wipe keys and data of this box: buffer, registry, sessions, secrets; the rest stays",
    )
    .addOption(configOption)
    .option("--dry-run", "print what would be wiped")
    .option("--free-space", "write over the free space of the volume, too; takes its time")
    .option("--yes", "do it without a question")
    .action(async (options) => (await import("./reset.ts")).runReset(options));
  addExamples(reset, {
    "sluicegate reset --dry-run": "what would be wiped",
    "sluicegate reset --free-space --yes":
      "the same, and what the volume still has of deleted files",
    "sluicegate reset --yes": "before the box is given away, once its gateway is stopped",
  });
}
