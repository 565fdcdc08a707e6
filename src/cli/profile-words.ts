/** What can be typed of commands about profiles. */
import type { Command } from "commander";
import { addExamplesBelow } from "./examples.ts";
import { configOption, outputOption, socketOption } from "./shared-options.ts";

/** `profile`. */
export function addProfileWords(program: Command): void {
  const profile = program
    .command("profile")
    .description("how messages of devices are read; needs no gateway");

  profile
    .command("ls")
    .description("the profiles in force, shipped and your own")
    .addOption(configOption)
    .addOption(outputOption)
    .action(async (options) => (await import("./profile.ts")).listProfiles(options));

  profile
    .command("show")
    .description("one of them, as its file says it")
    .argument("<name>", "maker/model")
    .addOption(configOption)
    .action(async (name, options) => (await import("./profile.ts")).showProfile(name, options));

  profile
    .command("test")
    .description("run the examples of a file, or of all profiles; exit 1 when one is not true")
    .argument("[file]", "a profile that need not be in force")
    .addOption(configOption)
    .addOption(outputOption)
    .action(async (file, options) =>
      (await import("./profile-test.ts")).testProfiles(file, options),
    );

  const messages = (command: Command): Command =>
    command
      .option("--payload <text>", "a message as text")
      .option("--hex <digits>", "a message as bytes")
      .option("--file <path>", "messages, one a line; - for standard input")
      .option("--live <filter>", "messages of these topics, from a running gateway")
      .option("--limit <n>", "with --live: so many", "5")
      .addOption(configOption)
      .addOption(socketOption);

  messages(
    profile
      .command("try")
      .description("what the profiles make of a message, and which others could read it")
      .option("--topic <topic>", "where it is sent; needed unless it is --live")
      .option("--profile <name>", "only this one, whatever its topics")
      .addOption(outputOption),
  ).action(async (options) => (await import("./profile-try.ts")).tryProfiles(options));

  messages(
    profile
      .command("scaffold")
      .description("write a profile out of messages, to be looked through")
      .argument("<name>", "maker/model")
      .option("--topic <template>", "such as acme/{device}/state; guessed without it")
      .option("--write <folder>", "write <folder>/<maker>/<model>.yaml in place of printing it"),
  ).action(async (name, options) =>
    (await import("./profile-scaffold.ts")).scaffoldProfile(name, options),
  );

  addExamplesBelow(profile, {
    ls: {
      "sluicegate profile ls": "shipped ones and your own",
      "sluicegate profile ls -o json": "for programs",
    },
    show: {
      "sluicegate profile show tasmota/sensor": "as its file says it",
      "sluicegate profile show tasmota/sensor > mine.yaml": "to begin one of your own",
    },
    test: {
      "sluicegate profile test": "of all profiles; exit 1 when an example is not true",
      "sluicegate profile test profiles/acme/th.yaml": "of a file",
      "sluicegate profile test -o json": "for programs",
    },
    try: {
      'sluicegate profile try --topic tele/kitchen/SENSOR --payload \'{"Time":"2026-11-21T14:02:10","DS18B20":{"Temperature":21.4},"TempUnit":"C"}\'':
        "a message that is typed",
      'sluicegate profile try --live "sim/#" --limit 2': "messages as they come",
      "sluicegate profile try --topic acme/th-1/state --hex 0167 -o json": "for programs",
    },
    scaffold: {
      'sluicegate profile scaffold acme/th --topic "acme/{device}/state" --file messages.ndjson':
        "out of recorded messages",
      'sluicegate profile scaffold acme/press --live "acme/#" --limit 1':
        "out of messages as they come",
    },
  });
}
