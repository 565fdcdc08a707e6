/** What can be typed of commands about users of the broker. */
import type { Command } from "commander";

/** `users`. */
export function addUsersWords(program: Command): void {
  program
    .command("users")
    .description("entries for the users file of the MQTT broker")
    .command("hash")
    .description("read a password from standard input, print its password_hash")
    .action(async () => (await import("./users.ts")).hashFromStdin());
}
