/** The files of those who may use the console, and whether it needs them. */

import type { ConsoleOptions } from "../../api/options.ts";
import { parseTokensFile } from "../../api/sign-in/tokens-file.ts";
import { parseUsersFile } from "../../api/sign-in/users-file.ts";
import { isLoopback, parseListenAddress } from "../../core/listen-address.ts";
import { systemCode } from "../../core/system-reason.ts";
import { faultOf } from "../../tls/tls-material.ts";
import { pathIn } from "../path-in.ts";
import type { Load } from "./load.ts";
import { type SaidOfFile, unreadable } from "./unreadable.ts";

/** Reads what `console` names; a console that other machines reach needs somebody who signs in. */
export async function loadConsole(load: Load): Promise<void> {
  const options = load.main.value?.console;
  if (!options) return;
  const users = await readLines(load, "users", options.users, (text) => {
    const { faults, users: found } = parseUsersFile(text);
    return { faults, count: found.size };
  });
  await readLines(load, "tokens", options.tokens, (text) => {
    const { faults, tokens } = parseTokensFile(text);
    return { faults, count: tokens.length };
  });
  await checkTls(load, options.tls);
  const address = options.listen === undefined ? undefined : parseListenAddress(options.listen);
  if (users !== 0 || address === undefined || isLoopback(address.host)) return;
  load.main.report({
    code: "config.anonymous-source",
    path: ["console", "listen"],
    message: `"${options.listen}" is reachable from other machines, and nobody could sign in`,
    hint: "add somebody: sluicegate console-users add <name> --role admin, or listen on 127.0.0.1",
  });
}

/** How many stand in a file; 0 where there is none, undefined where it has faults, which are told. */
async function readLines(
  { files, folder, main }: Load,
  field: string,
  path: string,
  parse: (text: string) => {
    readonly faults: readonly { readonly line: number; readonly message: string }[];
    readonly count: number;
  },
): Promise<number | undefined> {
  const file = pathIn(folder, path);
  const report = (said: SaidOfFile): void =>
    main.report({ code: "config.invalid", path: ["console", field], ...said });
  try {
    const text = new TextDecoder().decode(await files.readFile(file));
    const { count, faults } = parse(text);
    for (const { line, message } of faults) report({ message: `${file}:${line}: ${message}` });
    return faults.length > 0 ? undefined : count;
  } catch (thrown) {
    if (systemCode(thrown) === "ENOENT") return 0;
    report(unreadable(file, thrown));
    return undefined;
  }
}

async function checkTls({ files, folder, main }: Load, tls: ConsoleOptions["tls"]): Promise<void> {
  if (tls === undefined) return;
  const read = async (field: "cert" | "key" | "client_ca"): Promise<Buffer | undefined> => {
    const named = tls[field];
    if (named === undefined) return undefined;
    const file = pathIn(folder, named);
    try {
      return Buffer.from(await files.readFile(file));
    } catch (thrown) {
      const path = ["console", "tls", field];
      main.report({ code: "config.unreadable", path, ...unreadable(file, thrown) });
      return undefined;
    }
  };
  const cert = await read("cert");
  const key = await read("key");
  const ca = await read("client_ca");
  const fault = cert && key && faultOf({ cert, key, ca });
  if (fault) main.report({ ...fault, path: ["console", "tls", ...fault.path] });
}
