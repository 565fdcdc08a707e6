/** `sluicegate users hash`: what to write into a users file. */
import { randomBytes } from "node:crypto";
import { text } from "node:stream/consumers";
import { GatewayError } from "../core/errors.ts";
import { hashPassword } from "../sources/mqtt/password.ts";

/** PBKDF2 rounds: as many as a small box does in about a tenth of a second. */
const iterations = 100_000;

/** Reads a password, one line, from standard input and prints its hash. */
export async function hashFromStdin(): Promise<void> {
  if (process.stdin.isTTY) process.stderr.write("password, then Enter and Ctrl-D: ");
  const password = (await text(process.stdin)).split(/\r?\n/)[0] ?? "";
  if (password === "") throw new GatewayError("usage", "the password is empty");
  process.stdout.write(`${await hashPassword(password, randomBytes(12), iterations)}\n`);
}
