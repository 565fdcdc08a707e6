/** What can be typed of commands about users of the broker. */
import type { Command } from "commander";
import { addExamples } from "./examples.ts";
import { configOption, dryRunOption, outputOption, yesOption } from "./shared-options.ts";

const fileFlag = ["--file <path>", "the users file; default: that of the configuration"] as const;
const publishFlag = ["--publish <filter...>", "topics that it may publish to"] as const;
const subscribeFlag = ["--subscribe <filter...>", "topics that it may subscribe to"] as const;

/** `users`. */
export function addUsersWords(program: Command): void {
  const users = program
    .command("users")
    .description("devices that may connect to the MQTT broker; no password is ever shown");
  addExamples(
    users
      .command("add <name>")
      .description("one more; the password comes from the terminal or a pipe")
      .addOption(configOption)
      .option(...fileFlag)
      .option("--device <id>", "the device it is, whatever topics and payloads say")
      .option(...publishFlag)
      .option(...subscribeFlag)
      .option("--certificate", "no password: only a certificate with this name lets it in")
      .action(async (name, options) => (await import("./users.ts")).addUser(name, options)),
    {
      "echo a-long-password | sluicegate users add freezer-07 --device freezer-07 --publish 'sensors/freezer-07/#'":
        "a device that may publish below its own topic",
      "sluicegate users add press-02 --certificate --publish 'press/%u/#' --subscribe 'cmd/%c/+'":
        "one with a certificate; %u is its name, %c its client identifier",
    },
  );
  addExamples(
    users
      .command("import <password-file>")
      .description("users of a Mosquitto, with the hashes that mosquitto_passwd wrote")
      .addOption(configOption)
      .option(...fileFlag)
      .option("--acl <file>", "the ACL file: rights are carried over as far as that can be done")
      .option("--devices", "each user is the device of its name")
      .option(...publishFlag)
      .option(...subscribeFlag)
      .option("--replace", "users that are there already are replaced")
      .option("--dry-run", "say what would be written, and write nothing")
      .action(async (path, options) =>
        (await import("./users-import.ts")).importUsers(path, options),
      ),
    {
      "sluicegate users import /etc/mosquitto/passwd --acl /etc/mosquitto/acl --dry-run":
        "what would come over",
      "sluicegate users import passwd --devices --publish 'sensors/%u/#'":
        "each user is a device below its own topic",
    },
  );
  addExamples(
    users
      .command("ls")
      .description("all of them, with what they may do")
      .addOption(configOption)
      .option(...fileFlag)
      .addOption(outputOption)
      .action(async (options) => (await import("./users.ts")).listUsers(options)),
    {
      "sluicegate users ls": "who may connect",
      "sluicegate users ls -o json": "the same, for programs",
    },
  );
  addExamples(
    users
      .command("rm <name...>")
      .description("these may not connect any more; their clients are closed within seconds")
      .addOption(configOption)
      .option(...fileFlag)
      .addOption(yesOption)
      .addOption(dryRunOption)
      .action(async (names, options) => (await import("./users.ts")).removeUsers(names, options)),
    {
      "sluicegate users rm freezer-07 --yes": "a device that was stolen",
      "sluicegate users rm press-01 press-02 --dry-run": "what would be done",
    },
  );
  addExamples(
    users
      .command("passwd <name>")
      .description("another password, from the terminal or a pipe")
      .addOption(configOption)
      .option(...fileFlag)
      .action(async (name, options) =>
        (await import("./users.ts")).changeUserPassword(name, options),
      ),
    {
      "sluicegate users passwd freezer-07": "typed twice, not shown",
      "echo another-long-password | sluicegate users passwd freezer-07": "in a script",
    },
  );
  addExamples(
    users
      .command("hash")
      .description("read a password from standard input, print its password_hash")
      .action(async () => (await import("./users.ts")).hashFromStdin()),
    {
      "sluicegate users hash": "typed twice, not shown",
      "echo a-long-password | sluicegate users hash": "in a script",
    },
  );
}
