/** What can be typed of commands about messages that were rejected. */
import { type Command, Option } from "commander";
import { addExamplesBelow } from "./examples.ts";
import {
  addrOption,
  configOption,
  contextOption,
  dryRunOption,
  socketOption,
  yesOption,
} from "./shared-options.ts";

const textOrJson = new Option("-o, --output <format>", "text or json")
  .choices(["text", "json"])
  .default("text");

/** `dlq`. */
export function addDlqWords(program: Command): void {
  const dlq = program
    .command("dlq")
    .description("messages of devices that were rejected: why, and what is to become of them");

  const which = (name: string, description: string): Command =>
    dlq
      .command(name)
      .description(description)
      .option("--id <id>", "only this one")
      .option(
        "--code <code>",
        "only these: undecodable, no-metric, bad-value, bad-device, no-profile",
      )
      .option("--profile <glob>", "only those that this profile did not read, such as tasmota/*")
      .option("--topic <filter>", "only those of these MQTT topics")
      .addOption(configOption)
      .addOption(socketOption)
      .addOption(contextOption)
      .addOption(addrOption)
      .addOption(textOrJson);

  which("ls", "by reason, profile and topic, the most frequent first").action(async (options) =>
    (await import("./dlq.ts")).listRejected(options),
  );
  which("show", "whole, with what was sent")
    .option("--limit <n>", "at most so many", "10")
    .action(async (options) => (await import("./dlq.ts")).showRejected(options));
  which("try", "what the profiles as they are now would make of them; changes nothing").action(
    async (options) => (await import("./dlq.ts")).tryRejected(options),
  );
  which("reprocess", "store what the profiles read now, with its own times, once")
    .option("--all", "all there are, where nothing else says which")
    .addOption(dryRunOption)
    .option("--reason <text>", "what is noted beside them")
    .action(async (options) => (await import("./dlq.ts")).reprocessRejected(options));
  which("discard", "they are of no use and are listed no more")
    .option("--all", "all there are, where nothing else says which")
    .addOption(yesOption)
    .addOption(dryRunOption)
    .requiredOption("--reason <text>", "why; it is stored as an event")
    .action(async (options) => (await import("./dlq.ts")).discardRejected(options));

  addExamplesBelow(dlq, {
    ls: {
      "sluicegate dlq ls": "by reason, profile and topic",
      "sluicegate dlq ls --code no-profile -o json": "what no profile takes",
    },
    show: {
      "sluicegate dlq show --limit 3": "the latest three, whole",
      'sluicegate dlq show --topic "acme/#" -o json': "of some topics",
    },
    try: {
      "sluicegate dlq try": "what the profiles make of them now",
      "sluicegate dlq try --code undecodable":
        "of some of them; exit 1 where some are still not read",
    },
    reprocess: {
      'sluicegate dlq reprocess --topic "acme/#" --dry-run': "how many would be stored",
      'sluicegate dlq reprocess --all --reason "profile was corrected"':
        "store what is read now, once",
    },
    discard: {
      'sluicegate dlq discard --code undecodable --reason "noise of a test" --dry-run':
        "how many there are",
      'sluicegate dlq discard --topic "acme/#" --reason "noise of a test" --yes':
        "they are listed no more",
    },
  });
}
