/** What can be typed of commands about devices. */
import type { Command } from "commander";
import { addExamplesBelow } from "./examples.ts";
import {
  addrOption,
  configOption,
  contextOption,
  dryRunOption,
  outputOption,
  socketOption,
  yesOption,
} from "./shared-options.ts";

/** `devices`. */
export function addDevicesWords(program: Command): void {
  const devices = program
    .command("devices")
    .description("the devices of a running gateway: how they are, what nobody reads, new ones");
  const word = (name: string, description: string): Command =>
    devices.command(name).description(description).addOption(configOption).addOption(socketOption);
  const look = (name: string, description: string): Command =>
    word(name, description).addOption(outputOption);

  look("ls", "a line for each: state, profile, when it was heard, what it sent")
    .argument("[name]", "only those whose name fits this pattern, such as 'tasmota-*'")
    .option("--state <state>", "only these: ok, silent, clock-suspect, bad-quality, never")
    .option("--profile <glob>", "only those of these profiles, such as 'tasmota/*'")
    .option("--family <family>", "only those whose id begins with this family")
    .option("--limit <n>", "at most so many", "1000")
    .option("--after <device>", "those behind this one")
    .addOption(contextOption)
    .addOption(addrOption)
    .action(async (name, options) => (await import("./devices.ts")).listDevices(name, options));
  look("show", "everything that is known of one")
    .argument("<device>", "its name")
    .addOption(contextOption)
    .addOption(addrOption)
    .action(async (device, options) => (await import("./devices.ts")).showDevice(device, options));
  look("unread", "what no profile reads of messages that it reads, and what did not fit").action(
    async (options) => (await import("./devices.ts")).showUnread(options),
  );
  look("unknown", "topics that no profile reads, and which profile could")
    .option("--limit <n>", "at most so many", "20")
    .action(async (options) => (await import("./accept.ts")).showUnknown(options));
  word("accept", "writes a profile for an unknown topic, or an entry of devices:, and reloads")
    .argument("<topic>", "one that devices unknown lists")
    .option("--profile <name>", "maker/model: of a profile that there is, or of the new one")
    .option("--match <topic>", "topics of the new profile, with {device} where devices differ")
    .addOption(dryRunOption)
    .action(async (topic, options) => (await import("./accept.ts")).acceptTopic(topic, options));
  word("rename", "gives a device a name of its own, by an entry of devices:")
    .argument("<device>", "its name")
    .argument("<name>", "the new one")
    .option("--write", "writes the entry into the configuration, and reloads")
    .action(async (device, name, options) =>
      (await import("./rename.ts")).renameDevice(device, name, options),
    );
  word("forget", "it is gone: its alerts end, and it is a new one if it speaks again")
    .argument("<device>", "its name")
    .option("--force", "also one that the gateway does not know")
    .addOption(yesOption)
    .addOption(dryRunOption)
    .action(async (device, options) =>
      (await import("./devices.ts")).forgetDevice(device, options),
    );

  addExamplesBelow(devices, {
    ls: {
      "sluicegate devices ls": "all of them",
      'sluicegate devices ls "sim-freezer-*" --state silent -o json': "freezers that say nothing",
    },
    show: {
      "sluicegate devices show sim-freezer-01": "everything that is known of one",
      "sluicegate devices show sim-freezer-01 -o json": "for programs",
    },
    unread: {
      "sluicegate devices unread": "what is sent and not stored",
      "sluicegate devices unread -o json": "for programs",
    },
    unknown: {
      "sluicegate devices unknown": "topics that nobody reads",
      "sluicegate devices unknown --limit 5 -o json": "for programs",
    },
    accept: {
      "sluicegate devices accept acme/th-1/state --profile acme/th":
        "writes a profile, and reloads",
      'sluicegate devices accept plant/press-1/state --match "plant/{device}/state" --profile plant/press':
        "one for all devices of that kind",
    },
    rename: {
      "sluicegate devices rename tasmota-kitchen freezer-07": "prints the entry to add",
      "sluicegate devices rename tasmota-kitchen freezer-07 --write": "adds it, and reloads",
    },
    forget: {
      "sluicegate devices forget sim-freezer-03 --yes": "its alerts end",
      "sluicegate devices forget sim-freezer-03 --dry-run": "what would be done",
    },
  });
}
