/** `sluicegate users import`: the users and rights of a Mosquitto, as they are. */
import { readFile } from "node:fs/promises";
import { type UserEntry, withoutUsers, withUsers } from "../app/change-users.ts";
import { GatewayError } from "../core/errors.ts";
import { systemReason } from "../core/system-reason.ts";
import { carriedRights } from "../sources/mqtt-broker/carried-rights.ts";
import {
  type ForeignAcl,
  type LineNote,
  readAclFile,
  readPasswordFile,
} from "../sources/mqtt-broker/mosquitto-files.ts";
import { tell } from "./make-known.ts";
import { checkFilters, type Rights } from "./users.ts";
import { readUsersFile, type UsersFileOptions, usersIn, writeUsers } from "./users-file.ts";

export interface ImportOptions extends UsersFileOptions, Rights {
  readonly acl?: string;
  /** Each user is the device of its name. */
  readonly devices?: true;
  readonly replace?: true;
  readonly dryRun?: true;
}

export async function importUsers(passwordFile: string, options: ImportOptions): Promise<void> {
  checkFilters(options);
  const { passwords, notes } = readPasswordFile(await textOf(passwordFile));
  const acl = options.acl === undefined ? undefined : readAclFile(await textOf(options.acl));
  const file = await readUsersFile(options);
  const known = usersIn(file);
  const taken = passwords.filter(({ user }) => options.replace || !known.get(user));
  const entries = taken.map(({ hash, user }) => entryOf(user, hash, acl, options));
  tellNotes(passwordFile, notes);
  if (acl && options.acl !== undefined) {
    const imported = new Set(passwords.map(({ user }) => user));
    tellNotes(options.acl, [...acl.notes, ...strangersIn(acl, imported)]);
    refuseDenials(
      options.acl,
      taken.map(({ user }) => user),
      acl,
    );
  }
  const stay = passwords.length - taken.length;
  const weak = taken.filter(({ isWeak }) => isWeak).length;
  if (!options.dryRun && entries.length > 0) {
    const replaced = new Set(taken.flatMap(({ user }) => (known.get(user) ? [user] : [])));
    const text = replaced.size > 0 ? withoutUsers(file.text, replaced) : file.text;
    await writeUsers(file, text === undefined ? undefined : withUsers(text, entries));
  }
  const verb = options.dryRun ? "would be written" : "were written";
  tell(`${entries.length} users ${verb} to ${file.path}`);
  if (stay > 0)
    tell(`${stay} stand there already and stay as they are; --replace takes the new ones`);
  if (weak > 0)
    tell(
      `${weak} have passwords that are quick to guess ($6$); give them others: users passwd <name>`,
    );
  if (!acl && !options.publish && !options.subscribe)
    tell(
      "they may publish and subscribe to nothing: name the ACL file with --acl, or write their topics",
    );
}

function entryOf(
  user: string,
  password_hash: string,
  acl: ForeignAcl | undefined,
  { devices, publish = [], subscribe = [] }: ImportOptions,
): UserEntry {
  const carried = acl ? carriedRights(user, acl) : { publish: [], subscribe: [] };
  return {
    ...{ user, password_hash, device: devices ? user : undefined },
    publish: [...new Set([...carried.publish, ...publish])],
    subscribe: [...new Set([...carried.subscribe, ...subscribe])],
  };
}

/** A right that would be given here and was denied there is worse than none: nothing is imported. */
function refuseDenials(path: string, users: readonly string[], acl: ForeignAcl): void {
  const denied = users.flatMap((user) => carriedRights(user, acl).denied);
  const [first] = denied;
  if (!first) return;
  throw new GatewayError(
    "config.invalid",
    `${path}:${first.line}: ${first.text}; nothing can be taken away here. ` +
      `Narrow what is given and take out the line, ${denied.length} in all; nothing was imported`,
  );
}

function strangersIn({ byUser }: ForeignAcl, imported: ReadonlySet<string>): LineNote[] {
  return [...byUser].flatMap(([user, [first]]) =>
    first === undefined || imported.has(user)
      ? []
      : [{ line: first.line, text: `${user} is not in the password file` }],
  );
}

function tellNotes(path: string, notes: readonly LineNote[]): void {
  for (const { line, text } of notes) process.stderr.write(`${path}:${line}: ${text}\n`);
}

async function textOf(path: string): Promise<string> {
  return readFile(path, "utf8").catch((thrown: unknown) => {
    const why = `cannot read ${path}: ${systemReason(thrown)}`;
    throw new GatewayError("config.unreadable", why, { cause: thrown });
  });
}
