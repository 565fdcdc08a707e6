/** `sluicegate context add|ls|use|rm`: gateways elsewhere by name. */
import { readFile } from "node:fs/promises";
import { GatewayError } from "../core/errors.ts";
import { isId } from "../core/ids.ts";
import { printable } from "../core/printable.ts";
import { suggest } from "../core/suggest.ts";
import { systemReason } from "../core/system-reason.ts";
import { readContexts, writeContexts } from "./contexts-file.ts";
import { type ChangeOptions, isMeant } from "./is-meant.ts";
import { printAnswer } from "./print-answer.ts";
import { tableLines } from "./print-table.ts";
import { readToken } from "./read-token.ts";
import { askApi, baseOf } from "./remote.ts";

/** Tries the token before it is kept; it is shown nowhere. */
export async function addContext(
  name: string,
  address: string,
  options: { readonly ca?: string },
): Promise<void> {
  if (!isId(name) || name === "-")
    throw new GatewayError("usage", "a name has 1 to 128 characters, none of control");
  const url = baseOf(address);
  const ca = options.ca === undefined ? undefined : await readCa(options.ca);
  const context = { url, token: await readToken(), ...(ca !== undefined && { ca }) };
  const me = await askApi(context, "/me");
  const { contexts, current } = await readContexts();
  await writeContexts({ current, contexts: { ...contexts, [name]: context } });
  const role = printable(String(me["role"] ?? "somebody known"));
  process.stdout.write(`${name} is ${url}, asked as ${role}\n`);
  process.stderr.write(
    `next: sluicegate status --context ${name}, or sluicegate context use ${name}\n`,
  );
}

export async function listContexts(options: { readonly output: "text" | "json" }): Promise<void> {
  const { contexts, current } = await readContexts();
  const rows = Object.entries(contexts).map(([name, { ca, url }]) => ({
    ...{ name, url, current: name === current, ca: ca !== undefined },
  }));
  printAnswer(options, "contexts/1", { contexts: rows }, () =>
    tableLines(rows.map(({ current: is, name, url }) => [is ? "*" : "-", name, url])),
  );
  if (rows.length === 0 && options.output !== "json")
    process.stderr.write("there are no contexts; add one: sluicegate context add <name> <url>\n");
}

/** From now on commands ask this one; `-` is this machine again. */
export async function useContext(name: string): Promise<void> {
  const { contexts } = await readContexts();
  if (name !== "-") requireContext(name, Object.keys(contexts));
  await writeContexts({ contexts, current: name === "-" ? null : name });
  process.stdout.write(name === "-" ? "commands ask this machine\n" : `commands ask ${name}\n`);
}

export async function removeContext(name: string, options: ChangeOptions): Promise<void> {
  const { contexts, current } = await readContexts();
  requireContext(name, Object.keys(contexts));
  if (!(await isMeant(`remove ${name} with its token`, options))) return;
  const { [name]: _, ...rest } = contexts;
  await writeContexts({ contexts: rest, current: current === name ? null : current });
  process.stdout.write(`${name} is removed; tokens rm takes the token back where it was made\n`);
}

function requireContext(name: string, names: readonly string[]): void {
  if (names.includes(name)) return;
  const meant = suggest(name, names);
  const advice = meant ? `did you mean ${meant}?` : "sluicegate context ls lists them";
  throw new GatewayError("not-found", `no context is named ${name}; ${advice}`);
}

async function readCa(path: string): Promise<string> {
  return readFile(path, "utf8").catch((thrown: unknown) => {
    throw new GatewayError("usage", `cannot read ${path}: ${systemReason(thrown)}`);
  });
}
