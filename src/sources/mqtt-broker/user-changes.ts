/**
 * What becomes of clients whose user is gone or is another: their connections are closed, and what is
 * kept for them is kept as far as the user may still have it. Their wills come out where the user may
 * still publish them.
 */
import type { Logger } from "../../core/logger.ts";
import { coversFilter } from "../../core/topic-filter.ts";
import type { Connection } from "./connection.ts";
import { endings } from "./reasons.ts";
import type { Session, Sessions } from "./sessions.ts";
import { asClient } from "./user-patterns.ts";
import type { User, Users } from "./users.ts";
import type { UsersBook } from "./users-book.ts";

export interface UserChangesDeps {
  /** Undefined: there are no users. */
  readonly book: UsersBook | undefined;
  readonly sessions: Sessions<Connection>;
  readonly connections: Iterable<Connection>;
  readonly logger: Logger;
}

/** Gives what takes other users while clients are connected. */
export function userChanges(deps: UserChangesDeps): (users: Users) => void {
  const { book, connections, logger, sessions } = deps;
  return (users) => {
    if (!book) return;
    const { added, changed, removed } = book.replace(users);
    const names = new Set([...changed, ...removed]);
    const rightsOf = (name: string, client: string): User => {
      const user = book.get(name);
      return user ? asClient(user, client) : nobody(name);
    };
    for (const session of sessions.ofOwners(names)) {
      const { client, holder, lastHolder, owner = "" } = session;
      lastHolder.changeUser(rightsOf(owner, client));
      takeBack(session, sessions, rightsOf(owner, client));
      if (book.get(owner) === undefined && holder === undefined) sessions.end(session);
    }
    const closed = Array.from(connections).filter(({ user }) => user && names.has(user.name));
    for (const connection of closed) {
      connection.changeUser(rightsOf(connection.user?.name ?? "", connection.client));
      connection.close(endings.userChanged);
    }
    if (names.size + added.length === 0) return;
    const counts = { added: added.length, changed: changed.length, removed: removed.length };
    logger.info("the users of the broker are others", { ...counts, closedClients: closed.length });
  };
}

/** Subscriptions that the user may not have any more end; nothing of them waits for the client. */
function takeBack(
  session: Session<Connection>,
  sessions: Sessions<Connection>,
  { subscribe }: User,
): void {
  for (const filter of [...session.filters])
    if (!subscribe.some((wide) => coversFilter(wide, filter)))
      sessions.unsubscribe(session, filter);
}

function nobody(name: string): User {
  return { name, passwordHash: undefined, device: undefined, publish: [], subscribe: [] };
}
