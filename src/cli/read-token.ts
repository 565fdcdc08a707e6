import { text } from "node:stream/consumers";
import { GatewayError } from "../core/errors.ts";
import { readHidden } from "./read-hidden.ts";

/** A token: at a terminal, where it is not shown, or the first line of a pipe. Never an argument. */
export async function readToken(): Promise<string> {
  const { stdin } = process;
  const [first = ""] = stdin.isTTY ? await readHidden(stdin, ["token: "]) : [await text(stdin)];
  const token = first.split(/\r?\n/, 1)[0]?.trim() ?? "";
  if (/^\S{8,200}$/.test(token)) return token;
  throw new GatewayError(
    "usage",
    "give the token in a pipe, such as: sluicegate context add NAME URL < token.txt",
  );
}
