/** What can be typed of commands about the console and who may use it. */
import type { Command } from "commander";
import { configOption, socketOption } from "./shared-options.ts";

const roleHelp = "viewer, operator or admin";

/** `console`, `console-users`, `tokens`. */
export function addConsoleWords(program: Command): void {
  program
    .command("console")
    .description("where the console of a running process is: a link that signs in once")
    .addOption(configOption)
    .addOption(socketOption)
    .action(async (options) => (await import("./console.ts")).printConsoleLink(options));

  const users = program
    .command("console-users")
    .description(
      "people who may sign in to the console; passwords come from the terminal or a pipe",
    );
  users
    .command("add <name>")
    .description("one more")
    .addOption(configOption)
    .option("--role <role>", roleHelp, "viewer")
    .action(async (name, options) =>
      (await import("./console-users.ts")).addConsoleUser(name, options),
    );
  users
    .command("passwd <name>")
    .description("another password; ends the sessions of the user")
    .addOption(configOption)
    .option("--role <role>", `another role, too: ${roleHelp}`)
    .action(async (name, options) =>
      (await import("./console-users.ts")).changePassword(name, options),
    );
  users
    .command("rm <name>")
    .description("one less; ends the sessions of the user")
    .addOption(configOption)
    .action(async (name, options) =>
      (await import("./console-users.ts")).removeConsoleUser(name, options),
    );
  users
    .command("ls")
    .description("all of them, with their roles")
    .addOption(configOption)
    .action(async (options) => (await import("./console-users.ts")).listConsoleUsers(options));

  const tokens = program
    .command("tokens")
    .description("programs that may ask the HTTP API: Authorization: Bearer <token>");
  tokens
    .command("add <name>")
    .description("one more; prints its token, which is kept nowhere")
    .addOption(configOption)
    .option("--role <role>", roleHelp, "viewer")
    .option("--for <duration>", "how long it counts, such as 90d; default: until it is removed")
    .action(async (name, options) => (await import("./tokens.ts")).addToken(name, options));
  tokens
    .command("rm <name>")
    .description("one less")
    .addOption(configOption)
    .action(async (name, options) => (await import("./tokens.ts")).removeToken(name, options));
  tokens
    .command("ls")
    .description("all of them, with their roles and ends")
    .addOption(configOption)
    .action(async (options) => (await import("./tokens.ts")).listTokens(options));
}
