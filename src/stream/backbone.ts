/**
 * The one connection to the backbone, kept for ever.
 *
 * Opening it never fails and never waits: a gateway starts with the link down. The client's own
 * reconnecting is off. It would carry half-sent messages and subscriptions over to the next
 * connection in silence, while everybody here has to look where the stream stands after each
 * connect. So each connection is a new object, and its users start again with it.
 *
 * Invariants
 * - At most one connection is handed out at a time, and it is closed before the next is.
 * - A connection that answers nothing for 10 to 15 s is closed by us, and so is, where there are
 *   several servers, one to a server that the others of its cluster no longer reach (`watch-member.ts`).
 */
import { createInbox, type NatsConnection, type ServerInfo } from "@nats-io/transport-node";
import { type Clock, sleep, type Timer } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Metrics } from "../core/metrics.ts";
import { Backoff, type BackoffLimits, type Random } from "../core/retry.ts";
import { escapeToken } from "../core/token.ts";
import type { BackboneState } from "./backbone-state.ts";
import { waitOrRenewed } from "./changed-files.ts";
import { connectToAny, type Reached } from "./connect-to-any.ts";
import { keepAlive } from "./keep-alive.ts";
import type { BackboneOptions } from "./options.ts";
import { retryLimits } from "./retry-limits.ts";
import { toStreamError } from "./stream-error.ts";
import { watchMember } from "./watch-member.ts";

/** One for each right that is missing; there are not so many. */
const mostRefusalsTold = 100;

/** Refused credentials rarely become right by themselves. */
const unauthorizedBackoff: BackoffLimits = { baseMs: 10_000, maxMs: 120_000 };

export interface BackboneDependencies {
  /** The name that the server shows for this client; inboxes are below `_INBOX.<name>`. */
  readonly name: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Waits between attempts. Default: as the options say. */
  readonly backoff?: BackoffLimits;
}

/** The connection to the backbone, present or not. */
export interface Backbone {
  readonly state: BackboneState;
  /** The connection while there is one. Never kept over a change of state. */
  connection(): NatsConnection | undefined;
  /** Resolves with the connection as soon as there is one; rejects with `shutdown` on abort. */
  connected(signal: AbortSignal): Promise<NatsConnection>;
  /** Calls `listener` after each change of state, not with the present one. Gives its end. */
  onState(listener: (state: BackboneState) => void): () => void;
  /** A new subject below our own inbox prefix, for answers. */
  createInbox(): string;
  /** What the server last refused on the present connection (permissions), for messages. */
  lastRefusal(): GatewayError | undefined;
  close(): Promise<void>;
}

/** Begins to connect in the background and goes on for ever, until closed. */
export function openBackbone(options: BackboneOptions, deps: BackboneDependencies): Backbone {
  return new NatsBackbone(options, deps);
}

class NatsBackbone implements Backbone {
  readonly #options: BackboneOptions;
  readonly #deps: BackboneDependencies;
  readonly #inboxPrefix: string;
  readonly #usual: Backoff;
  readonly #unauthorized: Backoff;
  readonly #listeners = new Set<(state: BackboneState) => void>();
  readonly #closing = new AbortController();
  /** Servers that were left because they were cut off; empty again when that is true of all. */
  readonly #left = new Set<string>();
  #state: BackboneState;
  #connection: NatsConnection | undefined;
  #refusal: GatewayError | undefined;

  constructor(options: BackboneOptions, deps: BackboneDependencies) {
    this.#options = options;
    this.#deps = deps;
    this.#inboxPrefix = `_INBOX.${escapeToken(deps.name)}`;
    this.#usual = new Backoff(deps.backoff ?? retryLimits(options), deps.random);
    this.#unauthorized = new Backoff(unauthorizedBackoff, deps.random);
    this.#state = { kind: "disconnected", since: deps.clock.wallMs(), failure: undefined };
    void this.#connectForEver();
  }

  get state(): BackboneState {
    return this.#state;
  }

  connection(): NatsConnection | undefined {
    return this.#connection;
  }

  connected(signal: AbortSignal): Promise<NatsConnection> {
    return new Promise((resolve, reject) => {
      const settle = (): boolean => {
        const connection = this.#connection;
        if (signal.aborted) reject(new GatewayError("shutdown", "asked to stop while offline"));
        else if (connection === undefined) return false;
        else resolve(connection);
        stopListening();
        signal.removeEventListener("abort", settle);
        return true;
      };
      const stopListening = this.onState(settle);
      if (!settle()) signal.addEventListener("abort", settle, { once: true });
    });
  }

  onState(listener: (state: BackboneState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  createInbox(): string {
    return createInbox(this.#inboxPrefix);
  }

  lastRefusal(): GatewayError | undefined {
    return this.#refusal;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#connection?.close();
  }

  async #connectForEver(): Promise<void> {
    const { clock, logger, metrics } = this.#deps;
    const connects = metrics.counter(
      "gateway_stream_connects_total",
      "Connections made to the backbone.",
    );
    const linked = metrics.gauge("gateway_stream_connected", "1 while the backbone is connected.");
    const isLinked = (value: 0 | 1): void => linked.set(value, { client: this.#deps.name });
    isLinked(0);
    while (!this.#closing.signal.aborted) {
      let failure: GatewayError;
      try {
        const reached = await connectToAny(
          this.#options,
          { ...this.#deps, inboxPrefix: this.#inboxPrefix, avoided: this.#left },
          this.#closing.signal,
        );
        if (this.#closing.signal.aborted) return await reached.connection.close();
        connects.add();
        isLinked(1);
        this.#usual.reset();
        this.#unauthorized.reset();
        failure = await this.#serve(reached);
        isLinked(0);
      } catch (thrown) {
        failure = toStreamError(thrown, "cannot connect to the backbone");
      }
      const slow = failure.code === "stream.unauthorized";
      const waitMs = (slow ? this.#unauthorized : this.#usual).nextMs();
      this.#lose(failure, waitMs);
      logger.debug("the backbone is tried again", { waitMs });
      if (slow) await waitOrRenewed(this.#options, waitMs, clock, this.#closing.signal);
      else await sleep(clock, waitMs, this.#closing.signal);
    }
  }

  /** Hands the connection out; resolves with the reason when it has ended. */
  async #serve({ connection, server: written }: Reached): Promise<GatewayError> {
    const server = connection.getServer();
    const pings = keepAlive(connection, this.#deps.clock, () =>
      this.#deps.logger.warn("the backbone answers no pings; the connection is closed", { server }),
    );
    let cutOff: string | undefined;
    const membership = this.#watchMember(connection, (reason) => {
      cutOff = reason;
      this.#leave(written);
    });
    void this.#noteRefusals(connection);
    this.#connection = connection;
    this.#refusal = undefined;
    const info: Partial<ServerInfo> = connection.info ?? {};
    const serverVersion = info.version ?? "unknown";
    this.#deps.logger.info("backbone connected", { server, serverVersion });
    this.#change({
      kind: "connected",
      since: this.#deps.clock.wallMs(),
      server,
      serverVersion,
      maxPayloadBytes: info.max_payload ?? 2 ** 20,
    });
    const reason = await connection.closed();
    pings.cancel();
    membership?.cancel();
    this.#connection = undefined;
    if (cutOff !== undefined)
      return new GatewayError(
        "stream.unavailable",
        `left ${server}, which its cluster no longer reaches: ${cutOff}`,
      );
    return toStreamError(reason ?? "connection closed", `lost the connection to ${server}`);
  }

  /** Only where there is another server to go to. */
  #watchMember(connection: NatsConnection, onCutOff: (reason: string) => void): Timer | undefined {
    if (this.#options.servers.length < 2) return undefined;
    return watchMember(connection, this.#deps.clock, (reason) => {
      onCutOff(reason);
      void connection.close();
    });
  }

  #leave(server: string): void {
    this.#left.add(server);
    if (this.#options.servers.every((one) => this.#left.has(one))) this.#left.clear();
  }

  #lose(failure: GatewayError, waitMs: number): void {
    const before = this.#state;
    const { code, message } = failure;
    if (this.#closing.signal.aborted) this.#deps.logger.info("backbone closed");
    else if (before.kind === "connected" || before.failure?.code !== code) {
      const level = code === "stream.unauthorized" ? "error" : "warn";
      this.#deps.logger[level]("backbone disconnected", { code, reason: message });
    }
    const nowMs = this.#deps.clock.wallMs();
    const since = before.kind === "disconnected" ? before.since : nowMs;
    this.#change({ kind: "disconnected", since, failure, nextTryMs: nowMs + waitMs });
  }

  #change(state: BackboneState): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener(state);
  }

  async #noteRefusals(connection: NatsConnection): Promise<void> {
    const told = new Set<string>();
    for await (const status of connection.status()) {
      if (status.type !== "error") continue;
      this.#refusal = toStreamError(status.error, "the server refused");
      const reason = this.#refusal.message;
      // What is tried again and again is told once for each connection.
      const isNew = !told.has(reason) && told.size < mostRefusalsTold;
      told.add(reason);
      this.#deps.logger[isNew ? "warn" : "debug"]("the backbone refused", { reason });
    }
  }
}
