/** The users of a broker as its file says them now: it changes while clients are connected. */
import { isDeepStrictEqual } from "node:util";
import type { User, Users } from "./users.ts";

/** What is another than before. */
export interface ChangedUsers {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

export class UsersBook implements Users {
  #users: ReadonlyMap<string, User>;

  constructor(users: Users) {
    this.#users = byName(users);
  }

  get(name: string): User | undefined {
    return this.#users.get(name);
  }

  values(): Iterable<User> {
    return this.#users.values();
  }

  /** Takes others. Who is as before stays the same object: a password that was right is known on. */
  replace(users: Users): ChangedUsers {
    const before = this.#users;
    const now = new Map<string, User>();
    const added: string[] = [];
    const changed: string[] = [];
    for (const user of users.values()) {
      const known = before.get(user.name);
      const isSame = known !== undefined && isDeepStrictEqual(known, user);
      now.set(user.name, isSame ? known : user);
      if (known === undefined) added.push(user.name);
      else if (!isSame) changed.push(user.name);
    }
    this.#users = now;
    return { added, changed, removed: [...before.keys()].filter((name) => !now.has(name)) };
  }
}

function byName(users: Users): ReadonlyMap<string, User> {
  return new Map(Array.from(users.values(), (user) => [user.name, user]));
}
