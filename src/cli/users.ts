/** `sluicegate users`: who may connect to the MQTT broker, and what they may do there. */
import { randomBytes } from "node:crypto";
import { withoutUsers, withPassword, withUsers } from "../app/change-users.ts";
import { GatewayError } from "../core/errors.ts";
import { suggest } from "../core/suggest.ts";
import { problemOfFilter } from "../core/topic-filter.ts";
import { hashPassword } from "../sources/mqtt-broker/password.ts";
import type { User } from "../sources/mqtt-broker/users.ts";
import { type ChangeOptions, isMeant } from "./is-meant.ts";
import { tell } from "./make-known.ts";
import { printAnswer } from "./print-answer.ts";
import { tableLines } from "./print-table.ts";
import { readPassword } from "./read-password.ts";
import { readUsersFile, type UsersFileOptions, usersIn, writeUsers } from "./users-file.ts";

/** PBKDF2 rounds: as many as a small box does in about a tenth of a second. */
const iterations = 100_000;
const shortest = 8;

export interface Rights {
  readonly device?: string;
  readonly publish?: readonly string[];
  readonly subscribe?: readonly string[];
}

export interface AddOptions extends UsersFileOptions, Rights {
  /** Only a certificate with this name lets it in. */
  readonly certificate?: true;
}

/** Prints the hash of a password: typed twice at a terminal, or the first line of a pipe. */
export async function hashFromStdin(): Promise<void> {
  process.stdout.write(`${await newHash(await readPassword())}\n`);
}

export async function addUser(user: string, options: AddOptions): Promise<void> {
  checkFilters(options);
  const file = await readUsersFile(options);
  if (usersIn(file).get(user))
    throw new GatewayError(
      "usage",
      `${user} stands in ${file.path} already; another password: users passwd ${user}`,
    );
  const { certificate, device, publish, subscribe } = options;
  const password_hash = certificate ? undefined : await newHash(await readLongPassword());
  const entry = { user, password_hash, device, publish, subscribe };
  await writeUsers(file, withUsers(file.text, [entry]));
  tell(`${user} may connect; a broker that runs knows it within seconds`);
  if (!publish && !subscribe)
    process.stderr.write(
      `${user} may publish and subscribe to nothing yet; write its topics in ${file.path}\n`,
    );
}

export async function changeUserPassword(user: string, options: UsersFileOptions): Promise<void> {
  const file = await readUsersFile(options);
  requireUser(user, file.path, [...usersIn(file).values()]);
  await writeUsers(file, withPassword(file.text, user, await newHash(await readLongPassword())));
  tell(`${user} has another password; its clients that are connected have to come again with it`);
}

export async function removeUsers(
  names: readonly string[],
  options: UsersFileOptions & ChangeOptions,
): Promise<void> {
  const file = await readUsersFile(options);
  const known = [...usersIn(file).values()];
  for (const name of names) requireUser(name, file.path, known);
  if (!(await isMeant(`remove ${names.join(", ")}: their clients are closed`, options))) return;
  await writeUsers(file, withoutUsers(file.text, new Set(names)));
  for (const name of names) tell(`${name} may not connect any more; its clients are closed`);
}

/** Never a password, nor what is kept of one. */
export async function listUsers(
  options: UsersFileOptions & { readonly output: "text" | "json" },
): Promise<void> {
  const file = await readUsersFile(options);
  const users = [...usersIn(file).values()].map(({ device, name, passwordHash, ...may }) => ({
    user: name,
    device: device ?? null,
    by: passwordHash === undefined ? "certificate" : "password",
    ...may,
  }));
  printAnswer(options, "users/1", { users }, () =>
    users.length === 0
      ? [`nobody stands in ${file.path}; add somebody: sluicegate users add <name>`]
      : tableLines(
          users.map(({ by, device, publish, subscribe, user }) => [
            ...[user, by, device ?? "-"],
            `publish ${publish.join(" ") || "nothing"}`,
            `subscribe ${subscribe.join(" ") || "nothing"}`,
          ]),
        ),
  );
}

export function checkFilters({ publish = [], subscribe = [] }: Rights): void {
  for (const filter of [...publish, ...subscribe]) {
    const own = filter.startsWith("$")
      ? "topics that begin with $ belong to the broker"
      : undefined;
    const problem = problemOfFilter(filter) ?? own;
    if (problem !== undefined) throw new GatewayError("usage", `${filter}: ${problem}`);
  }
}

function newHash(password: string): Promise<string> {
  return hashPassword(password, randomBytes(12), iterations);
}

async function readLongPassword(): Promise<string> {
  const password = await readPassword();
  if ([...password].length >= shortest) return password;
  throw new GatewayError("usage", `a password has ${shortest} characters or more`);
}

function requireUser(name: string, path: string, known: readonly User[]): void {
  if (known.some((one) => one.name === name)) return;
  const meant = suggest(
    name,
    known.map((one) => one.name),
  );
  throw new GatewayError(
    "not-found",
    `nobody is named ${name} in ${path}${meant ? `; did you mean ${meant}?` : ""}`,
  );
}
