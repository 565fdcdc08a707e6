import { hashPassword } from "../../src/sources/mqtt-broker/password.ts";
import { parseUsers, type Users } from "../../src/sources/mqtt-broker/users.ts";

/** What an entry of a users file says beside name and password. */
export interface UserRights {
  readonly publish?: readonly string[];
  readonly subscribe?: readonly string[];
  readonly device?: string;
}

/** The password of a user of `mqttUsers`. */
export function passwordOf(name: string): string {
  return `pass-${name}`;
}

/** Users of a broker by name, each with the password that its name gives. */
export async function mqttUsers(rights: Readonly<Record<string, UserRights>>): Promise<Users> {
  const entries = await Promise.all(
    Object.entries(rights).map(async ([user, may]) => ({
      ...{ user, ...may },
      password_hash: await hashPassword(passwordOf(user), Buffer.from(user.padEnd(12, "-")), 101),
    })),
  );
  const checked = parseUsers(entries);
  if (!checked.ok) throw new Error(JSON.stringify(checked.faults));
  return checked.value;
}
