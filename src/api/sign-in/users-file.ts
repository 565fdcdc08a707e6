/**
 * The people who may use the console: one line each, `name:role:hash`. `#` begins a comment. Read
 * whole and again when it changed; a file with a fault leaves those in force who were.
 */
import type { ConsoleRole } from "../principal.ts";
import { consoleRoles } from "../principal.ts";
import { type PasswordHash, parsePasswordHash } from "./password.ts";

export interface ConsoleUser {
  readonly name: string;
  readonly role: ConsoleRole;
  readonly password: PasswordHash;
  /** As it stands in the file: another text is another password. */
  readonly written: string;
}

/** A line that does not fit. */
export interface LineFault {
  readonly line: number;
  readonly message: string;
}

const maxUsers = 1_000;
const namePattern = /^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,63}$/u;

/** Names are as they are written: `Ana` and `ana` are two people. */
export function parseUsersFile(text: string): {
  readonly users: ReadonlyMap<string, ConsoleUser>;
  readonly faults: readonly LineFault[];
} {
  const users = new Map<string, ConsoleUser>();
  const faults: LineFault[] = [];
  for (const [index, raw] of text.split("\n").entries()) {
    const written = raw.trim();
    if (written === "" || written.startsWith("#")) continue;
    const read = parseUser(written, users);
    if (typeof read === "string") faults.push({ line: index + 1, message: read });
    else users.set(read.name, read);
  }
  return { users, faults };
}

/** What is wrong with a name, in words; undefined where nothing is. */
export function problemOfUserName(name: string): string | undefined {
  if (namePattern.test(name)) return undefined;
  return "a name is a letter or digit, then up to 63 letters, digits, dots, @, _ and -";
}

export function isConsoleRole(text: string): text is ConsoleRole {
  return consoleRoles.some((role) => role === text);
}

/** The words never hold what is written behind the role: it may be a password. */
function parseUser(written: string, users: ReadonlyMap<string, ConsoleUser>): ConsoleUser | string {
  const [name = "", role = "", hash = "", ...more] = written.split(":");
  const problem = problemOfUserName(name);
  if (problem !== undefined) return problem;
  if (!isConsoleRole(role)) return `the role of ${name} is none of ${consoleRoles.join(", ")}`;
  const password = more.length === 0 ? parsePasswordHash(hash) : undefined;
  if (!password)
    return `the password of ${name} is not as console-users writes it; set it again: sluicegate console-users passwd ${name}`;
  if (users.has(name)) return `${name} stands there twice`;
  return users.size < maxUsers
    ? { name, role, password, written: hash }
    : `there are more than ${maxUsers} users`;
}
