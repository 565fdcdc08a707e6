/**
 * Checks user names and passwords.
 *
 * One check at a time, and in turns by address: checks are slow on purpose and run on the threads
 * that also sync the log. A thousand devices that come back at once must not keep the disk waiting,
 * and one machine that guesses delays a login from elsewhere by the check that is under way.
 * A password that was right before is known at once.
 */
import type { Clock } from "../../core/clock.ts";
import { GuessLimit } from "./guess-limit.ts";
import { KnownPasswords, verifyPassword } from "./password.ts";
import type { User, Users } from "./users.ts";

/** Who a client says it is. */
export interface Credentials {
  readonly name: string | undefined;
  readonly password: Uint8Array | undefined;
  /** Where it comes from. */
  readonly address: string;
}

/**
 * Gives the user behind the credentials, undefined when they are wrong, `locked-out` where so many were
 * wrong that they are not looked at. `isWanted` is asked when
 * its turn comes; a client that went away meanwhile costs nothing.
 */
export type Login = (
  credentials: Credentials,
  isWanted: () => boolean,
) => Promise<User | "locked-out" | undefined>;

export function createLogin(users: Users, clock: Pick<Clock, "monotonicMs">): Login {
  const limit = new GuessLimit(clock);
  /** Unknown names are checked against somebody's hash, so that they take as long as known ones. */
  let decoy: User | undefined;
  const known = new KnownPasswords();
  /** Whose turn it is stands first, with what its clients wait for. */
  const waiting = new Map<string, (() => Promise<void>)[]>();
  let busy = false;

  async function check({ name, password }: Credentials): Promise<User | undefined> {
    const user = users.get(name ?? "");
    decoy ??= firstWithPassword(users);
    const passwordHash = user?.passwordHash ?? decoy?.passwordHash;
    if (passwordHash === undefined || password === undefined) return undefined;
    const isRight = await verifyPassword(password, passwordHash);
    if (!isRight || user?.passwordHash === undefined) return undefined;
    // Meanwhile the user may be gone, or another.
    if (users.get(user.name) !== user) return undefined;
    known.add(user, password);
    return user;
  }

  /** A guess that is wrong here takes as long as any other. */
  function remembered({ name, password }: Credentials): User | undefined {
    const user = users.get(name ?? "");
    if (user === undefined || password === undefined) return undefined;
    return known.has(user, password) ? user : undefined;
  }

  async function work(): Promise<void> {
    if (busy) return;
    busy = true;
    for (const [network, checks] of waiting) {
      await checks.shift()?.();
      waiting.delete(network);
      if (checks.length > 0) waiting.set(network, checks);
    }
    busy = false;
  }

  return (credentials, isWanted) => {
    const user = remembered(credentials);
    if (user !== undefined) return Promise.resolve(user);
    const network = networkOf(credentials.address);
    const name = credentials.name ?? "";
    if (!limit.begin(name, network)) return Promise.resolve("locked-out");
    return new Promise((resolve, reject) => {
      const turn = async (): Promise<void> => {
        const isChecked = isWanted();
        const found = isChecked ? await check(credentials) : undefined;
        if (found) limit.succeed(name, network);
        else if (!isChecked) limit.takeBack(name, network);
        resolve(found);
      };
      const checks = waiting.get(network);
      const safeTurn = (): Promise<void> => turn().catch(reject);
      if (checks === undefined) waiting.set(network, [safeTurn]);
      else checks.push(safeTurn);
      void work();
    });
  };
}

function firstWithPassword(users: Users): User | undefined {
  for (const user of users.values()) if (user.passwordHash !== undefined) return user;
  return undefined;
}

/** Who has one IPv6 address has 2^64 of them. */
function networkOf(address: string): string {
  if (!address.includes(":") || address.includes(".")) return address;
  const [head = "", tail] = address.split("::");
  const groups = head === "" ? [] : head.split(":");
  const rest = tail === undefined || tail === "" ? [] : tail.split(":");
  while (groups.length + rest.length < 8) groups.push("0");
  return [...groups, ...rest].slice(0, 4).join(":");
}
