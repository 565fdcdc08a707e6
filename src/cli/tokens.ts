/** `sluicegate tokens`: programs that may ask the HTTP API. */
import { makeToken, parseTokensFile } from "../api/sign-in/tokens-file.ts";
import { problemOfUserName } from "../api/sign-in/users-file.ts";
import { systemClock } from "../app/system-clock.ts";
import { parseDuration } from "../core/duration.ts";
import { GatewayError } from "../core/errors.ts";
import { formatTime } from "../core/event-codec.ts";
import { roleOf } from "./console-users.ts";
import { type ChangeOptions, isMeant } from "./is-meant.ts";
import { tell } from "./make-known.ts";
import { type PeopleFile, readPeopleFile, withLineOf, writePeopleFile } from "./people-file.ts";
import { printAnswer } from "./print-answer.ts";
import { tableLines } from "./print-table.ts";

export interface TokenOptions {
  readonly config: string;
  readonly role?: string;
  /** How long it counts, such as `90d`. */
  readonly for?: string;
  readonly output?: "text" | "json";
}

/** Prints the token: it is kept nowhere. */
export async function addToken(name: string, options: TokenOptions): Promise<void> {
  const problem = problemOfUserName(name);
  if (problem !== undefined) throw new GatewayError("usage", `${name}: ${problem}`);
  const role = roleOf(options.role ?? "viewer");
  const end = endOf(options.for);
  const file = await readPeopleFile(options.config, "tokens");
  if (parseTokensFile(file.text).tokens.some((one) => one.name === name))
    throw new GatewayError("usage", `${name} stands in ${file.path} already; remove it first`);
  const { hash, token } = makeToken();
  await write(file, name, `${name}:${role}:${hash}:${end}`);
  printAnswer(options, "token/1", { name, role, until: end === "" ? null : end, token }, () => [
    token,
  ]);
  process.stderr.write(
    `${name} may ask as ${role}${end && `, until ${end}`}; the token is shown this once\n`,
  );
}

export async function removeToken(
  name: string,
  options: TokenOptions & ChangeOptions,
): Promise<void> {
  const file = await readPeopleFile(options.config, "tokens");
  if (!parseTokensFile(file.text).tokens.some((one) => one.name === name))
    throw new GatewayError("not-found", `no token is named ${name} in ${file.path}`);
  if (!(await isMeant(`remove the token ${name} from ${file.path}`, options))) return;
  await write(file, name, undefined);
  tell(`${name} may not ask any more`);
}

export async function listTokens(options: TokenOptions): Promise<void> {
  const file = await readPeopleFile(options.config, "tokens");
  const { faults, tokens } = parseTokensFile(file.text);
  const rows = tokens.map(({ endMs, name, role }) => ({
    ...{ name, role },
    until: endMs === undefined ? null : formatTime(endMs),
  }));
  printAnswer(options, "tokens/1", { tokens: rows }, () =>
    tableLines(rows.map(({ name, role, until }) => [name, role, until ?? "-"])),
  );
  for (const { line, message } of faults)
    process.stderr.write(`sluicegate: ${file.path}:${line}: ${message}\n`);
  if (tokens.length === 0 && faults.length === 0)
    process.stderr.write("there are no tokens; make one: sluicegate tokens add <name>\n");
  if (faults.length > 0) process.exitCode = 1;
}

function endOf(duration: string | undefined): string {
  if (duration === undefined) return "";
  const ms = parseDuration(duration);
  if (ms === undefined || ms <= 0)
    throw new GatewayError("usage", `--for ${duration}: write a duration, such as 90d`);
  return formatTime(systemClock.wallMs() + ms);
}

async function write(file: PeopleFile, name: string, line: string | undefined): Promise<void> {
  const text = withLineOf(file.text, name, line);
  const [fault] = parseTokensFile(text).faults;
  if (fault)
    throw new GatewayError(
      "config.invalid",
      `${file.path}:${fault.line}: ${fault.message}; correct it first, nothing was changed`,
    );
  await writePeopleFile(file, text);
}
