/** Who may connect to the broker, and what they may do there. */

import type { Checked, Fault } from "../../core/fault.ts";
import type { DeviceId } from "../../core/ids.ts";
import { checkSchema } from "../../schema/schema-faults.ts";
import { type MqttUserOptions, mqttUsersOptions } from "./options.ts";
import type { PasswordHash } from "./password.ts";

export interface User {
  readonly name: string;
  /** Undefined: only a certificate says that it is he. */
  readonly passwordHash: PasswordHash | undefined;
  /** The device behind the credentials; undefined for a bridge that speaks for many. */
  readonly device: DeviceId | undefined;
  /** Topic filters. */
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** All users, found by name. */
export interface Users {
  get(name: string): User | undefined;
  values(): Iterable<User>;
}

/** Checks the value of a users file; every fault of every entry is listed, and no value is shown. */
export function parseUsers(value: unknown): Checked<Users> {
  return usersOf(value, (entry) => entry.password_hash !== undefined);
}

/** The same where certificates tell who comes: not every user has a password. */
export function parseCertifiedUsers(value: unknown): Checked<Users> {
  return usersOf(value, () => true);
}

function usersOf(value: unknown, hasWayIn: (entry: MqttUserOptions) => boolean): Checked<Users> {
  if (!Array.isArray(value)) return { ok: false, faults: [notAList(value)] };
  const checked = checkSchema(mqttUsersOptions, "users", value, true);
  if (!checked.ok) return checked;
  const users = new Map<string, User>();
  const faults: Fault[] = [];
  for (const [at, entry] of checked.value.entries()) {
    if (users.has(entry.user))
      faults.push({
        code: "users.duplicate",
        path: [at, "user"],
        message: `"${entry.user}" is listed twice`,
        hint: "keep one entry per user",
      });
    if (!hasWayIn(entry))
      faults.push({
        code: "users.missing-field",
        path: [at],
        message: 'missing field "password_hash"',
      });
    users.set(entry.user, {
      name: entry.user,
      passwordHash: entry.password_hash,
      device: entry.device,
      publish: entry.publish,
      subscribe: entry.subscribe,
    });
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, value: users, warnings: [] };
}

/** Most often it is the password file of another broker, whose lines are `user:hash`. */
function notAList(value: unknown): Fault {
  const isForeign = typeof value === "string" && value.includes(":");
  return {
    code: "users.wrong-type",
    path: [],
    message: isForeign
      ? "is not a list of users; it looks like the password file of another broker"
      : "is not a list of users",
    hint: "write one entry for each: - { user: NAME, password_hash: HASH, publish: [TOPIC] }",
  };
}
