/** `sluicegate users hash`: what to write into a users file. */
import { randomBytes } from "node:crypto";
import { hashPassword } from "../sources/mqtt-broker/password.ts";
import { readPassword } from "./read-password.ts";

/** PBKDF2 rounds: as many as a small box does in about a tenth of a second. */
const iterations = 100_000;

/** Prints the hash of a password: typed twice at a terminal, or the first line of a pipe. */
export async function hashFromStdin(): Promise<void> {
  const password = await readPassword();
  process.stdout.write(`${await hashPassword(password, randomBytes(12), iterations)}\n`);
}
