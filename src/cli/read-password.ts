import { text } from "node:stream/consumers";
import { GatewayError } from "../core/errors.ts";
import { readHidden } from "./read-hidden.ts";

/** A password: typed twice at a terminal, where it is not shown, or the first line of a pipe. */
export async function readPassword(): Promise<string> {
  const { stdin } = process;
  const password = stdin.isTTY ? await askTwice() : ((await text(stdin)).split(/\r?\n/)[0] ?? "");
  if (password === "") throw new GatewayError("usage", "the password is empty");
  return password;
}

async function askTwice(): Promise<string> {
  const [password = "", again] = await readHidden(process.stdin, ["password: ", "once more: "]);
  if (password === again) return password;
  throw new GatewayError("usage", "the two passwords differ; type them again");
}
