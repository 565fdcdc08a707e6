/** `sluicegate console-users`: the people who may sign in to the console. */
import { consoleRoles } from "../api/principal.ts";
import { hashPassword } from "../api/sign-in/password.ts";
import { isConsoleRole, parseUsersFile, problemOfUserName } from "../api/sign-in/users-file.ts";
import { GatewayError } from "../core/errors.ts";
import { suggest } from "../core/suggest.ts";
import { type ChangeOptions, isMeant } from "./is-meant.ts";
import { tell } from "./make-known.ts";
import { type PeopleFile, readPeopleFile, withLineOf, writePeopleFile } from "./people-file.ts";
import { printAnswer } from "./print-answer.ts";
import { tableLines } from "./print-table.ts";
import { readPassword } from "./read-password.ts";

/** Shorter ones are guessed. */
const shortest = 8;

export interface ConsoleUserOptions {
  readonly config: string;
  readonly role?: string;
  readonly output?: "text" | "json";
}

export async function addConsoleUser(name: string, options: ConsoleUserOptions): Promise<void> {
  const problem = problemOfUserName(name);
  if (problem !== undefined) throw new GatewayError("usage", `${name}: ${problem}`);
  const role = roleOf(options.role ?? "viewer");
  const file = await readPeopleFile(options.config, "users");
  if (parseUsersFile(file.text).users.has(name))
    throw new GatewayError(
      "usage",
      `${name} stands in ${file.path} already; another password: console-users passwd ${name}`,
    );
  await write(file, name, `${name}:${role}:${await newHash()}`);
  tell(`${name} may sign in as ${role}`);
}

/** Another password, and another role where one is given; ends the sessions of the user. */
export async function changePassword(name: string, options: ConsoleUserOptions): Promise<void> {
  const file = await readPeopleFile(options.config, "users");
  const user = parseUsersFile(file.text).users.get(name);
  if (!user) throw unknown(file, name);
  const role = options.role === undefined ? user.role : roleOf(options.role);
  await write(file, name, `${name}:${role}:${await newHash()}`);
  tell(`${name} has another password, is ${role}, and is signed out everywhere`);
}

export async function removeConsoleUser(
  name: string,
  options: ConsoleUserOptions & ChangeOptions,
): Promise<void> {
  const file = await readPeopleFile(options.config, "users");
  if (!parseUsersFile(file.text).users.has(name)) throw unknown(file, name);
  if (!(await isMeant(`remove ${name} from ${file.path}`, options))) return;
  await write(file, name, undefined);
  tell(`${name} is signed out everywhere, and may not sign in any more`);
}

export async function listConsoleUsers(options: ConsoleUserOptions): Promise<void> {
  const file = await readPeopleFile(options.config, "users");
  const { faults, users } = parseUsersFile(file.text);
  const rows = Array.from(users.values(), ({ name, role }) => ({ name, role }));
  printAnswer(options, "console-users/1", { users: rows }, () =>
    tableLines(rows.map(({ name, role }) => [name, role])),
  );
  for (const { line, message } of faults)
    process.stderr.write(`sluicegate: ${file.path}:${line}: ${message}\n`);
  if (users.size === 0 && faults.length === 0)
    process.stderr.write(
      "nobody may sign in by password; add somebody: sluicegate console-users add <name>\n",
    );
  if (faults.length > 0) process.exitCode = 1;
}

/** A role by its name. */
export function roleOf(text: string) {
  if (isConsoleRole(text)) return text;
  const meant = suggest(text, consoleRoles);
  const hint = meant ? `did you mean ${meant}?` : `there are ${consoleRoles.join(", ")}`;
  throw new GatewayError("usage", `no role is named ${text}; ${hint}`);
}

async function newHash(): Promise<string> {
  const password = await readPassword();
  if ([...password].length < shortest)
    throw new GatewayError("usage", `a password has ${shortest} characters or more`);
  return hashPassword(password);
}

async function write(file: PeopleFile, name: string, line: string | undefined): Promise<void> {
  const text = withLineOf(file.text, name, line);
  const [fault] = parseUsersFile(text).faults;
  if (fault)
    throw new GatewayError(
      "config.invalid",
      `${file.path}:${fault.line}: ${fault.message}; correct it first, nothing was changed`,
    );
  await writePeopleFile(file, text);
}

function unknown({ path, text }: PeopleFile, name: string): GatewayError {
  const meant = suggest(name, [...parseUsersFile(text).users.keys()]);
  return new GatewayError(
    "not-found",
    `nobody is named ${name} in ${path}${meant ? `; did you mean ${meant}?` : ""}`,
  );
}
