/** What can be typed to keep a copy of the backbone. */
import type { Command } from "commander";
import { addExamples } from "./examples.ts";
import { configOption, dryRunOption, yesOption } from "./shared-options.ts";

/** `backbone backup`, `backbone restore`. */
export function addBackupWords(program: Command): void {
  const backbone =
    program.commands.find((command) => command.name() === "backbone") ??
    program.command("backbone").description("streams and buckets on the backbone");
  const nats = "this server in place of backbone.servers";

  const backup = backbone
    .command("backup")
    .description("packs all streams and buckets into a new folder, while everything goes on")
    .argument("<folder>", "made for it; must be empty where it is there")
    .addOption(configOption)
    .option("--nats <url>", nats)
    .option("--credentials <file>", "seed or .creds of the administrator")
    .action(async (folder, options) => (await import("./backup.ts")).runBackup(folder, options));
  addExamples(backup, {
    "sluicegate backbone backup /backup/monday": "every stream and bucket as it is now",
    "sluicegate backbone backup monday --nats nats://hub-1:4222": "of another server",
  });

  const restore = backbone
    .command("restore")
    .description("puts a backup back; the roles of the hub must be stopped, gateways may run")
    .argument("<folder>", "what backup made")
    .addOption(configOption)
    .option("--nats <url>", nats)
    .option("--credentials <file>", "seed or .creds of the administrator")
    .option("--replace", "delete the streams that are there, with all that is newer in them")
    .addOption(yesOption)
    .addOption(dryRunOption)
    .action(async (folder, options) => (await import("./backup.ts")).runRestore(folder, options));
  addExamples(restore, {
    "sluicegate backbone restore /backup/monday --dry-run":
      "is it whole, and what would be deleted for it",
    "sluicegate backbone restore /backup/monday --yes": "into a new, empty server",
    "sluicegate backbone restore /backup/monday --replace --yes": "back to what it was then",
  });
}
