/** What can be typed of commands about profiles. */
import type { Command } from "commander";
import { configOption, socketOption } from "./shared-options.ts";

/** `profile`. */
export function addProfileWords(program: Command): void {
  const profile = program
    .command("profile")
    .description("how messages of devices are read; needs no gateway");

  profile
    .command("ls")
    .description("the profiles in force, shipped and your own")
    .addOption(configOption)
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
      .option("--profile <name>", "only this one, whatever its topics"),
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
}
