/**
 * Whose a client identifier is, and what its session has subscribed to.
 *
 * An identifier belongs to the user who used it for as long as its session lives: while connected,
 * and after that when the client asked to be remembered (MQTT 3.1.1 §3.1.2.4). Another user can
 * neither push it out nor pick up its messages.
 */

/** Filters that one session may have. */
const maxFiltersPerSession = 1_000;
/** Filters that all sessions together may have. */
const maxFilters = 100_000;

interface Session {
  /** Name of the user; undefined for anonymous clients. */
  readonly owner: string | undefined;
  readonly persistent: boolean;
  readonly filters: Set<string>;
}

export class Sessions<Holder extends object> {
  readonly #maxKept: number;
  readonly #sessions = new Map<string, Session & { holder: Holder | undefined }>();
  #filters = 0;
  #kept = 0;

  /** `maxKept`: persistent sessions at the same time, connected or not. */
  constructor(maxKept: number) {
    this.#maxKept = maxKept;
  }

  /** False when the session would be one too many to remember; the client gets a clean one then. */
  canKeep(client: string): boolean {
    return this.#kept < this.#maxKept || this.#sessions.get(client)?.persistent === true;
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
    persistent: boolean,
    holder: Holder,
  ): Holder | undefined {
    const before = this.#sessions.get(client);
    if (before?.persistent && persistent) {
      const taken = before.holder;
      before.holder = holder;
      return taken;
    }
    if (before !== undefined) this.#drop(client, before);
    this.#sessions.set(client, { owner, persistent, filters: new Set(), holder });
    if (persistent) this.#kept += 1;
    return before?.holder;
  }

  /** The connection ended; without effect when another one has the session by now. */
  close(client: string, holder: Holder): void {
    const session = this.#sessions.get(client);
    if (session?.holder !== holder) return;
    if (session.persistent) session.holder = undefined;
    else this.#drop(client, session);
  }

  /** Adds a filter; false when the session or all together have too many. */
  subscribe(client: string, filter: string): boolean {
    const filters = this.#sessions.get(client)?.filters;
    if (filters === undefined) return false;
    if (filters.has(filter)) return true;
    if (filters.size >= maxFiltersPerSession || this.#filters >= maxFilters) return false;
    filters.add(filter);
    this.#filters += 1;
    return true;
  }

  /** Takes a filter back; without effect when another connection has the session by now. */
  unsubscribe(client: string, filter: string, holder: Holder): void {
    const session = this.#sessions.get(client);
    if (session?.holder === holder && session.filters.delete(filter)) this.#filters -= 1;
  }

  isSubscribed(client: string, filter: string): boolean {
    return this.#sessions.get(client)?.filters.has(filter) === true;
  }

  #drop(client: string, session: Session): void {
    this.#sessions.delete(client);
    this.#filters -= session.filters.size;
    if (session.persistent) this.#kept -= 1;
  }
}
