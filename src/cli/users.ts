/** `sluicegate users hash`: what to write into a users file. */
import { randomBytes } from "node:crypto";
import { text } from "node:stream/consumers";
import { GatewayError } from "../core/errors.ts";
import { hashPassword } from "../sources/mqtt-broker/password.ts";
import { readHidden } from "./read-hidden.ts";

/** PBKDF2 rounds: as many as a small box does in about a tenth of a second. */
const iterations = 100_000;

/** Prints the hash of a password: typed twice at a terminal, or the first line of a pipe. */
export async function hashFromStdin(): Promise<void> {
  const { stdin } = process;
  const password = stdin.isTTY ? await askTwice() : ((await text(stdin)).split(/\r?\n/)[0] ?? "");
  if (password === "") throw new GatewayError("usage", "the password is empty");
  process.stdout.write(`${await hashPassword(password, randomBytes(12), iterations)}\n`);
}

async function askTwice(): Promise<string> {
  const [password = "", again] = await readHidden(process.stdin, ["password: ", "once more: "]);
  if (password === again) return password;
  throw new GatewayError("usage", "the two passwords differ; type them again");
}
