/**
 * Decides who may connect, publish, subscribe and receive.
 *
 * Topics that begin with `$` belong to the broker and are refused to everybody: `$SYS` can order it
 * about, and `$share` would be granted but never deliver.
 */
import type { Clock } from "../../core/clock.ts";
import { coversFilter, matchesAny } from "../../core/topic-filter.ts";
import type { InFlight } from "../in-flight.ts";
import { isBridgeNotice } from "./bridge-notice.ts";
import type { Connection } from "./connection.ts";
import type { Sessions } from "./sessions.ts";
import { Strikes } from "./strikes.ts";
import { asClient } from "./user-patterns.ts";
import type { User } from "./users.ts";

/** Why a client is not let in; each has its CONNACK return code. */
export type ConnectRefusal =
  | "identifier-rejected"
  | "bad-credentials"
  | "will-not-allowed"
  | "no-room-for-will"
  | "locked-out"
  | "shut-out";

/** Why a topic is refused. */
export type TopicRefusal = "not-let-in" | "system-topic" | "foreign-topic";

export class Gatekeeper {
  readonly #sessions: Sessions<Connection>;
  readonly #strikes: Strikes;
  readonly #inFlight: InFlight;
  readonly #anonymous: boolean;

  /** `anonymous`: there are no users; everybody may do what is not the broker's own. */
  constructor(
    sessions: Sessions<Connection>,
    inFlight: InFlight,
    anonymous: boolean,
    clock: Clock,
  ) {
    this.#sessions = sessions;
    this.#inFlight = inFlight;
    this.#anonymous = anonymous;
    this.#strikes = new Strikes(clock);
  }

  /**
   * The last word on a client whose credentials were checked (undefined: wrong ones). Opens its
   * session; a connection that has the session at the moment learns that it is taken over.
   */
  connect(
    connection: Connection,
    client: string,
    written: User | undefined,
  ): ConnectRefusal | undefined {
    const user = written && asClient(written, client);
    const { client: claimed, session, will } = connection.introduction;
    const { version } = connection.terms;
    if (!this.#anonymous && user === undefined) return "bad-credentials";
    // MQTT 5 has an assigned identifier; before it nobody would know the session by its name.
    if (claimed === "" && session.keptSeconds > 0 && version === 4) return "identifier-rejected";
    if (!this.#sessions.isFree(client, user?.name)) return "identifier-rejected";
    if (this.#strikes.isBlocked(offender(client, user))) return "shut-out";
    if (will !== undefined && !isBridgeNotice(will.topic) && refusalOf(user, will.topic))
      return "will-not-allowed";
    // A will is published whatever waits, so it is not taken on where nothing fits any more.
    if (will !== undefined && this.#inFlight.bytes >= this.maxInFlightBytes)
      return "no-room-for-will";
    connection.letIn(client, user);
    this.#sessions.open(client, user?.name, session, connection)?.takenOver();
    return undefined;
  }

  /** True when the session of a client that is in goes on as it was, or outlives the connection. */
  isKept(client: string, { introduction }: Connection): boolean {
    return introduction.session.keptSeconds > 0 || this.#sessions.isResumed(client);
  }

  /** Where so much waits for the disk no client with a will is let in. */
  get maxInFlightBytes(): number {
    return this.#inFlight.maxBytes;
  }

  /** Undefined when the client may publish to the topic. */
  publish(connection: Connection, topic: string): TopicRefusal | undefined {
    return connection.isIn ? refusalOf(connection.user, topic) : "not-let-in";
  }

  /** Shuts a client out for a while after a refused publish. */
  strike({ client, user }: Connection): void {
    this.#strikes.strike(offender(client, user));
  }

  /** True when the client may have whatever the filter names. */
  maySubscribe({ isIn, user }: Connection, filter: string): boolean {
    if (!isIn || filter.startsWith("$")) return false;
    return user === undefined || user.subscribe.some((wide) => coversFilter(wide, filter));
  }
}

function refusalOf(user: User | undefined, topic: string): TopicRefusal | undefined {
  if (topic.charCodeAt(0) === 0x24) return "system-topic";
  if (user === undefined || matchesAny(user.publish, topic)) return undefined;
  return "foreign-topic";
}

/** A user may have many clients; one that misbehaves does not shut out the others. */
function offender(client: string, user: User | undefined): string {
  return `${user?.name ?? ""}\0${client}`;
}
