/** What can be typed of commands about notices that were not delivered. */
import { type Command, Option } from "commander";
import { configOption } from "./shared-options.ts";

/** `dead-letters`. */
export function addDeadLettersWords(program: Command): void {
  const deadLetters = program
    .command("dead-letters")
    .description("what receivers of alerts were never told of");
  const natsOption = new Option("--nats <url>", "this server in place of backbone.servers");

  deadLetters
    .command("list")
    .description("those that still say something: later ones of the same alert were not delivered")
    .argument("[receiver]", "only those of this receiver")
    .addOption(configOption)
    .addOption(natsOption)
    .action(async (receiver, options) =>
      (await import("./dead-letters.ts")).listDeadLetters(receiver, options),
    );

  deadLetters
    .command("resend")
    .description("tell a receiver after all, once each; exit 1 when some are left")
    .argument("<receiver>", "its name")
    .addOption(configOption)
    .addOption(natsOption)
    .action(async (receiver, options) =>
      (await import("./dead-letters.ts")).resendDeadLetters(receiver, options),
    );
}
