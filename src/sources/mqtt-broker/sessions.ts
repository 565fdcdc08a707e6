/**
 * Whose a client identifier is, what its session has subscribed to, and what is on its way to it.
 *
 * An identifier belongs to the user who used it for as long as its session lives: while connected,
 * and after that when the client asked to be remembered (MQTT 3.1.1 §3.1.2.4). Another user can
 * neither push it out nor pick up its messages.
 *
 * What is remembered is bounded, in bytes and in number. The session whose client went away longest
 * ago is given up for a new one, and the one for which most waits where too much waits: its client is
 * told so at its return, by "session present".
 */
import type { Clock } from "../../core/clock.ts";
import { Departure } from "./departure.ts";
import type { Grant } from "./grant.ts";
import type { SessionWish } from "./introduction.ts";
import type { Outbox } from "./outbox.ts";
import { filterBytes, sessionCostBytes } from "./session-cost.ts";
import { SubscriptionTree } from "./subscription-tree.ts";

/** Names and filters of one session, and of all. */
export const maxSessionBytes = 256 * 2 ** 10;
export const maxSessionsBytes = 32 * 2 ** 20;

/** What there was too much of: kept sessions, their names and filters, or messages that wait. */
export type SessionBound = "sessions" | "filters" | "messages";

export interface Session<Holder extends object> {
  readonly client: string;
  /** Name of the user; undefined for anonymous clients. */
  readonly owner: string | undefined;
  /** How long it is kept when its client is away; 0: it ends with the connection. */
  keptSeconds: number;
  readonly filters: Set<string>;
  readonly outbox: Outbox;
  /** What is to happen while its client is away. */
  readonly departure: Departure;
  /** Its connection; undefined while the client is away. */
  holder: Holder | undefined;
  /** Its connection, or the last that it had. */
  lastHolder: Holder;
  /** True when the holder found it as it was left. */
  resumed: boolean;
  bytes: number;
}

export interface SessionsOptions<Holder extends object> {
  readonly clock: Clock;
  /** Persistent sessions at the same time, connected or not. */
  readonly maxKept: number;
  createOutbox(session: () => Session<Holder>): Outbox;
  /** A session is given up for want of room; what waits for it is still there. */
  givenUp(session: Session<Holder>, bound: SessionBound): void;
  /** A session that was kept is over, as its client wanted it. */
  over(session: Session<Holder>): void;
}

export class Sessions<Holder extends object> {
  readonly #options: SessionsOptions<Holder>;
  readonly #sessions = new Map<string, Session<Holder>>();
  /** Persistent ones whose client is away, longest ago first. */
  readonly #absent = new Set<Session<Holder>>();
  readonly #subscriptions = new SubscriptionTree<Session<Holder>>();
  #bytes = 0;
  #kept = 0;

  constructor(options: SessionsOptions<Holder>) {
    this.#options = options;
  }

  /** True when nobody else owns the identifier. */
  isFree(client: string, owner: string | undefined): boolean {
    const session = this.#sessions.get(client);
    return session === undefined || session.owner === owner;
  }

  /** Begins or resumes a session; gives the connection that it is taken from, if there is one. */
  open(
    client: string,
    owner: string | undefined,
    { cleanStart, keptSeconds }: SessionWish,
    holder: Holder,
  ): Holder | undefined {
    const before = this.#sessions.get(client);
    const taken = before?.holder;
    if (before !== undefined && before.keptSeconds > 0 && !cleanStart) {
      before.holder = holder;
      before.lastHolder = holder;
      before.resumed = true;
      before.outbox.detach();
      before.departure.cancel();
      this.#absent.delete(before);
      this.keepFor(before, keptSeconds);
      return taken;
    }
    if (before !== undefined) this.#drop(before);
    const bytes = sessionCostBytes + client.length;
    while (
      keptSeconds > 0 &&
      this.#kept >= this.#options.maxKept &&
      this.#giveUpOldest("sessions")
    );
    while (this.#bytes + bytes > maxSessionsBytes && this.#giveUpOldest("filters"));
    const session: Session<Holder> = {
      client,
      owner,
      keptSeconds,
      filters: new Set(),
      outbox: this.#options.createOutbox(() => session),
      departure: new Departure(this.#options.clock),
      holder,
      lastHolder: holder,
      resumed: false,
      bytes,
    };
    this.#sessions.set(client, session);
    this.#bytes += bytes;
    if (keptSeconds > 0) this.#kept += 1;
    return taken;
  }

  /** Those of these users. */
  ofOwners(owners: ReadonlySet<string>): Session<Holder>[] {
    const all = [...this.#sessions.values()];
    return all.filter(({ owner }) => owner !== undefined && owners.has(owner));
  }

  /** What is kept for its client is not kept any more. */
  end(session: Session<Holder>): void {
    this.#over(session);
  }

  /** The session that the connection has; undefined before it has one, or when it was taken over. */
  heldBy(client: string, holder: Holder): Session<Holder> | undefined {
    const session = this.#sessions.get(client);
    return session?.holder === holder ? session : undefined;
  }

  /** True when the client that has the session now found it as it was left. */
  isResumed(client: string): boolean {
    return this.#sessions.get(client)?.resumed === true;
  }

  /** The connection ended; without effect when another one has the session by now. */
  close(client: string, holder: Holder): void {
    const session = this.heldBy(client, holder);
    if (session === undefined) return;
    session.holder = undefined;
    session.outbox.detach();
    if (session.keptSeconds > 0) {
      this.#absent.add(session);
      session.departure.expireAfter(session.keptSeconds * 1_000, () => this.#over(session));
    } else this.#over(session);
  }

  /** Changes how long the session is kept. */
  keepFor(session: Session<Holder>, keptSeconds: number): void {
    this.#kept += Number(keptSeconds > 0) - Number(session.keptSeconds > 0);
    session.keptSeconds = keptSeconds;
  }

  /**
   * Publishes the will of a connection that has ended: later, when its session is still there; not
   * at all when the client has come back to the session by then (MQTT 5 §3.1.3.2.2).
   */
  publishLater(client: string, holder: Holder, delayMs: number, publish: () => void): void {
    const session = this.#sessions.get(client);
    if (session?.lastHolder === holder) session.departure.publishAfter(delayMs, publish);
    else if (session?.resumed !== true) publish();
  }

  /** Nothing that was put off happens any more. */
  stop(): void {
    for (const { departure } of this.#sessions.values()) departure.cancel();
  }

  /** Adds a filter, or changes its grant; false when the session or all together have too many. */
  subscribe(session: Session<Holder>, filter: string, grant: Grant): boolean {
    if (!session.filters.has(filter)) {
      const bytes = filterBytes(filter);
      if (session.bytes + bytes > maxSessionBytes) return false;
      while (this.#bytes + bytes > maxSessionsBytes && this.#giveUpOldest("filters"));
      if (this.#bytes + bytes > maxSessionsBytes) return false;
      this.#count(session, bytes);
    }
    session.filters.add(filter);
    this.#subscriptions.add(filter, session, grant);
    return true;
  }

  /** False when there was no such subscription. */
  unsubscribe(session: Session<Holder>, filter: string): boolean {
    if (!session.filters.delete(filter)) return false;
    this.#subscriptions.remove(filter, session);
    session.outbox.cancelReplay(filter);
    this.#count(session, -filterBytes(filter));
    return true;
  }

  /** Each session that subscribed to the topic, with what it was granted; undefined for none. */
  listeners(topic: string): ReadonlyMap<Session<Holder>, Grant> | undefined {
    return this.#subscriptions.match(topic);
  }

  /**
   * Gives up the absent client for which most waits: one that never comes back fills its room and
   * would take that of all others. False when nothing waits for anybody.
   */
  giveUpLargest(): boolean {
    let largest: Session<Holder> | undefined;
    for (const session of this.#absent) {
      if (session.outbox.bytes > (largest?.outbox.bytes ?? 0)) largest = session;
    }
    return this.#giveUp(largest, "messages");
  }

  #giveUpOldest(bound: SessionBound): boolean {
    const [oldest] = this.#absent;
    return this.#giveUp(oldest, bound);
  }

  #giveUp(session: Session<Holder> | undefined, bound: SessionBound): boolean {
    if (session === undefined) return false;
    this.#options.givenUp(session, bound);
    this.#drop(session);
    return true;
  }

  #count(session: Session<Holder>, bytes: number): void {
    session.bytes += bytes;
    this.#bytes += bytes;
  }

  #over(session: Session<Holder>): void {
    this.#drop(session);
    this.#options.over(session);
  }

  #drop(session: Session<Holder>): void {
    this.#sessions.delete(session.client);
    this.#absent.delete(session);
    for (const filter of session.filters.keys()) this.#subscriptions.remove(filter, session);
    session.outbox.end();
    this.#bytes -= session.bytes;
    if (session.keptSeconds > 0) this.#kept -= 1;
    session.departure.end();
  }
}
