/** What can be typed of commands to devices. */
import { type Command, Option } from "commander";
import { addExamplesBelow } from "./examples.ts";
import {
  addrOption,
  configOption,
  contextOption,
  outputOption,
  socketOption,
} from "./shared-options.ts";

const natsOption = new Option("--nats <url>", "the backbone at this server");

/** `send`, `commands`. */
export function addCommandsWords(program: Command): void {
  program
    .command("send")
    .description("tells a device to do something; its profile says what it can be told")
    .argument("<device>", "its name")
    .argument("<command>", "sluicegate devices show lists those of a device")
    .argument("[name=value...]", "parameters")
    .option("--wait", "prints each step until its end, and ends as it does")
    .option("--timeout <duration>", "with --wait: exit 7 after so long; the command stands")
    .option("--expires <duration>", "nothing is sent after so long; default: as the profile says")
    .option("--dry-run", "shows what would be sent, and sends nothing")
    .option("--yes", "also one that is marked as dangerous")
    .option("--reason <text>", "why; it is stored")
    .option("--by <name>", "who; default: the user of this machine")
    .option("--gateway <id>", "through this one, where several know the device")
    .addOption(configOption)
    .addOption(socketOption)
    .addOption(natsOption)
    .addOption(contextOption)
    .addOption(addrOption)
    .addOption(outputOption)
    .action(async (device, command, params, options) =>
      (await import("./send.ts")).sendCommand(device, command, params, options),
    );

  const commands = program
    .command("commands")
    .description("what devices were told to do, and what became of it");
  const word = (name: string, description: string): Command =>
    commands
      .command(name)
      .description(description)
      .addOption(configOption)
      .addOption(socketOption)
      .addOption(natsOption)
      .addOption(contextOption)
      .addOption(addrOption)
      .addOption(outputOption);

  word("ls", "a line for each, the latest last")
    .option("--since <duration>", "those that were issued so long ago, or later", "1d")
    .option("--device <glob>", "only those for such devices, such as 'pump-*'")
    .option("--gateway <glob>", "only those for such gateways")
    .option("--state <state>", "only these: issued, queued, sent, acknowledged, refused, ...")
    .option("--limit <n>", "at most so many, the latest", "200")
    .action(async (options) => (await import("./commands.ts")).listCommands(options));
  word("show", "everything that is known of one, with its steps")
    .argument("<id>", "its id")
    .option("--since <duration>", "how far back it is looked for", "90d")
    .action(async (id, options) => (await import("./commands.ts")).showCommand(id, options));
  word("cancel", "takes one back, as long as nothing of it was sent")
    .argument("<id>", "its id")
    .option("--since <duration>", "how far back it is looked for", "90d")
    .option("--reason <text>", "why; it is stored")
    .option("--by <name>", "who; default: the user of this machine")
    .option("--wait", "until it is clear how it ended; exit 1 where it went on")
    .action(async (id, options) => (await import("./commands.ts")).cancelCommand(id, options));

  addExamplesBelow(program, {
    send: {
      "sluicegate send sim-freezer-01 set_point level=-20 --dry-run":
        "what would be sent, and nothing is",
      "sluicegate send sim-freezer-01 set_point level=-20 --wait --timeout 30s":
        "each step, until the device has answered",
    },
  });

  addExamplesBelow(commands, {
    ls: {
      "sluicegate commands ls": "of the last day",
      'sluicegate commands ls --device "sim-*" --state acknowledged -o json':
        "those that devices did",
    },
    show: {
      "sluicegate commands show 5f0c1d2e3a4b5968": "every step of one",
      "sluicegate commands show 5f0c1d2e3a4b5968 -o json": "for programs",
    },
    cancel: {
      'sluicegate commands cancel 5f0c1d2e3a4b5968 --reason "wrong device"':
        "as long as nothing of it was sent",
      "sluicegate commands cancel 5f0c1d2e3a4b5968 --wait": "until it is clear how it ended",
    },
  });
}
