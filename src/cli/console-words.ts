/** What can be typed of commands about the console and who may use it. */
import type { Command } from "commander";
import { addExamplesBelow } from "./examples.ts";
import {
  configOption,
  dryRunOption,
  outputOption,
  socketOption,
  yesOption,
} from "./shared-options.ts";

const roleHelp = "viewer, operator or admin";

/** `console`, `console-users`, `tokens`. */
export function addConsoleWords(program: Command): void {
  program
    .command("console")
    .description("where the console of a running process is: a link that signs in once")
    .addOption(configOption)
    .addOption(socketOption)
    .addOption(outputOption)
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
    .addOption(yesOption)
    .addOption(dryRunOption)
    .action(async (name, options) =>
      (await import("./console-users.ts")).removeConsoleUser(name, options),
    );
  users
    .command("ls")
    .description("all of them, with their roles")
    .addOption(configOption)
    .addOption(outputOption)
    .action(async (options) => (await import("./console-users.ts")).listConsoleUsers(options));

  const tokens = program
    .command("tokens")
    .description("programs that may ask the HTTP API: Authorization: Bearer <token>");
  tokens
    .command("add <name>")
    .description("one more; prints its token, which is kept nowhere")
    .addOption(configOption)
    .option("--role <role>", roleHelp, "viewer")
    .addOption(outputOption)
    .option("--for <duration>", "how long it counts, such as 90d; default: until it is removed")
    .action(async (name, options) => (await import("./tokens.ts")).addToken(name, options));
  tokens
    .command("rm <name>")
    .description("one less")
    .addOption(configOption)
    .addOption(yesOption)
    .addOption(dryRunOption)
    .action(async (name, options) => (await import("./tokens.ts")).removeToken(name, options));
  tokens
    .command("ls")
    .description("all of them, with their roles and ends")
    .addOption(configOption)
    .addOption(outputOption)
    .action(async (options) => (await import("./tokens.ts")).listTokens(options));

  addExamplesBelow(program, {
    console: {
      "sluicegate console": "a link that signs in once",
      "sluicegate console -o json": "for a program that opens it",
    },
  });

  addExamplesBelow(users, {
    add: {
      "sluicegate console-users add ana --role operator": "asks for the password, twice",
      "sluicegate console-users add bo < password.txt": "with the first line of a file",
    },
    passwd: {
      "sluicegate console-users passwd ana": "asks for the password, twice",
      "sluicegate console-users passwd ana --role admin < password.txt": "another role, too",
    },
    rm: {
      "sluicegate console-users rm bo --dry-run": "what would be done",
      "sluicegate console-users rm bo --yes": "signed out everywhere",
    },
    ls: {
      "sluicegate console-users ls": "names and roles",
      "sluicegate console-users ls -o json": "for programs",
    },
  });

  addExamplesBelow(tokens, {
    add: {
      "sluicegate tokens add grafana": "one that reads",
      "sluicegate tokens add night-shift --role operator --for 90d":
        "one that acknowledges alerts, for a quarter",
    },
    rm: {
      "sluicegate tokens rm grafana --dry-run": "what would be done",
      "sluicegate tokens rm grafana --yes": "it may not ask any more",
    },
    ls: {
      "sluicegate tokens ls": "names, roles and ends",
      "sluicegate tokens ls -o json": "for programs",
    },
  });
}
