/**
 * Checks user names and passwords.
 *
 * One check at a time: they run on the threads that also sync the log, and a thousand devices that
 * come back at once must not keep the disk waiting.
 */
import { verifyPassword } from "./password.ts";
import type { User, Users } from "./users.ts";

/** Who a client says it is. */
export interface Credentials {
  readonly name: string | undefined;
  readonly password: Uint8Array | undefined;
}

/**
 * Gives the user behind the credentials, undefined when they are wrong. `isWanted` is asked when
 * its turn comes; a client that went away meanwhile costs nothing.
 */
export type Login = (
  credentials: Credentials,
  isWanted: () => boolean,
) => Promise<User | undefined>;

export function createLogin(users: Users): Login {
  // Unknown names are checked against somebody's hash, so that they take as long as known ones.
  const [decoy] = users.values();
  let last: Promise<unknown> = Promise.resolve();

  async function check({ name, password }: Credentials): Promise<User | undefined> {
    const user = users.get(name ?? "");
    const { passwordHash } = user ?? decoy ?? {};
    if (passwordHash === undefined || password === undefined) return undefined;
    return (await verifyPassword(password, passwordHash)) ? user : undefined;
  }

  return (credentials, isWanted) => {
    const turn = last.then(() => (isWanted() ? check(credentials) : undefined));
    last = turn.catch(() => undefined);
    return turn;
  };
}
