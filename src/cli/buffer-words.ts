/** What can be typed of commands about the buffer. */
import { type Command, Option } from "commander";
import { addExamplesBelow } from "./examples.ts";
import { configOption, socketOption } from "./shared-options.ts";

/** `buffer`. */
export function addBufferWords(program: Command): void {
  const buffer = program
    .command("buffer")
    .description("the buffer on disk, of a running gateway or a dead box");
  const bufferFolder = "data folder of a gateway, in place of the configuration's";
  const textOrJson = new Option("-o, --output <format>", "text or json")
    .choices(["text", "json"])
    .default("text");

  const keyFile = new Option(
    "--key-file <path...>",
    "files with the keys that it is encrypted with, in place of the configuration's",
  );

  buffer
    .command("show")
    .description("segments, runs, records by class, what is confirmed, quarantine, lock")
    .argument("[folder]", bufferFolder)
    .addOption(configOption)
    .addOption(textOrJson)
    .addOption(keyFile)
    .action(async (folder, options) => (await import("./buffer.ts")).runShow(folder, options));

  buffer
    .command("verify")
    .description("check every checksum, change nothing; exit 1 when something is damaged")
    .argument("[folder]", bufferFolder)
    .addOption(configOption)
    .addOption(textOrJson)
    .addOption(keyFile)
    .action(async (folder, options) => (await import("./buffer.ts")).runVerify(folder, options));

  buffer
    .command("export")
    .description("every whole event as NDJSON on standard output, damage on standard error")
    .argument("[folder]", bufferFolder)
    .addOption(configOption)
    .option("--from-seq <n>", "from this record on")
    .option("--to-seq <n>", "up to this record")
    .addOption(keyFile)
    .action(async (folder, options) => (await import("./buffer.ts")).runExport(folder, options));

  buffer
    .command("repair")
    .description("do what the next start would do: close, set aside, declare what is lost")
    .argument("[folder]", bufferFolder)
    .addOption(configOption)
    .option("--dry-run", "print what would be done")
    .option("--yes", "do it without a question")
    .addOption(keyFile)
    .action(async (folder, options) => (await import("./buffer.ts")).runRepair(folder, options));

  buffer
    .command("wait-drained")
    .description("wait until the backbone has everything; exit 7 when it has not in time")
    .addOption(configOption)
    .addOption(socketOption)
    .option("--timeout <duration>", "such as 90s; without it, as long as it takes")
    .action(async (options) => (await import("./buffer-wait.ts")).runWaitDrained(options));

  addExamplesBelow(buffer, {
    show: {
      "sluicegate buffer show": "of the gateway of this configuration",
      "sluicegate buffer show /media/card/var/lib/sluicegate -o json":
        "of a card out of a dead box",
    },
    verify: {
      "sluicegate buffer verify": "also while the gateway runs",
      "sluicegate buffer verify /media/card/var/lib/sluicegate":
        "exit 1 where something is damaged that the log does not account for",
    },
    export: {
      "sluicegate buffer export > rescued.ndjson": "everything that is whole",
      "sluicegate buffer export /media/card/var/lib/sluicegate --from-seq 1 --to-seq 100":
        "a part of it",
    },
    repair: {
      "sluicegate buffer repair /media/card/var/lib/sluicegate --dry-run": "what would be done",
      "sluicegate buffer repair /media/card/var/lib/sluicegate --yes":
        "without a question, for a script",
    },
    "wait-drained": {
      "sluicegate buffer wait-drained --timeout 90s":
        "before a box is switched off; exit 7 when it takes longer",
      "sluicegate buffer wait-drained": "as long as it takes",
    },
  });
}
