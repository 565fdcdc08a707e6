/** What can be typed of commands about telling people. */
import { type Command, Option } from "commander";
import { addExamplesBelow } from "./examples.ts";
import { configOption, dryRunOption, outputOption } from "./shared-options.ts";

/** `notify`. */
export function addNotifyWords(program: Command): void {
  const notify = program
    .command("notify")
    .description("how people and programs are told of alerts");

  notify
    .command("test")
    .description(
      "tell a receiver of an alert that is none, and that it ended; says what it answered",
    )
    .argument("<receiver>", "its name")
    .addOption(
      new Option("--severity <severity>", "of the alert")
        .choices(["info", "warning", "critical"])
        .default("info"),
    )
    .addOption(configOption)
    .addOption(outputOption)
    .action(async (receiver, options) =>
      (await import("./notify-test.ts")).testReceiver(receiver, options),
    );

  const dlq = notify.command("dlq").description("what receivers were never told of");
  const natsOption = new Option("--nats <url>", "this server in place of backbone.servers");
  const textOrJson = new Option("-o, --output <format>", "text or json")
    .choices(["text", "json"])
    .default("text");

  dlq
    .command("ls")
    .description("those that still say something: later ones of the same alert were not delivered")
    .argument("[receiver]", "only those of this receiver")
    .addOption(configOption)
    .addOption(natsOption)
    .addOption(textOrJson)
    .action(async (receiver, options) =>
      (await import("./notify-dlq.ts")).listDeadLetters(receiver, options),
    );

  dlq
    .command("show")
    .description(
      "one whole, with the alert as the receiver would be told; exit 4 when there is none",
    )
    .argument("<receiver>", "its name")
    .argument("<id>", "id of its transition")
    .addOption(configOption)
    .addOption(natsOption)
    .addOption(textOrJson)
    .action(async (receiver, id, options) =>
      (await import("./notify-dlq.ts")).showDeadLetter(receiver, id, options),
    );

  dlq
    .command("resend")
    .description("tell a receiver after all, once each; exit 1 when some are left")
    .argument("<receiver>", "its name")
    .addOption(configOption)
    .addOption(natsOption)
    .addOption(dryRunOption)
    .action(async (receiver, options) =>
      (await import("./notify-dlq.ts")).resendDeadLetters(receiver, options),
    );

  addExamplesBelow(notify, {
    test: {
      "sluicegate notify test duty": "an alert that is none",
      "sluicegate notify test duty --severity critical": "one of the highest severity",
    },
  });

  addExamplesBelow(dlq, {
    ls: {
      "sluicegate notify dlq ls": "of all receivers",
      "sluicegate notify dlq ls duty -o json": "of one, for programs",
    },
    show: {
      "sluicegate notify dlq show duty 0a1b2c3d4e5f6071.3": "one whole",
      "sluicegate notify dlq show duty 0a1b2c3d4e5f6071.3 -o json": "for programs",
    },
    resend: {
      "sluicegate notify dlq resend duty --dry-run": "what would be told",
      "sluicegate notify dlq resend duty": "tell it after all, once each",
    },
  });
}
