/**
 * The MQTT 3.1.1 broker inside the gateway.
 *
 * `authorizePublish` is the only moment at which the broker waits before it acknowledges, so that
 * is where messages go to the sink. Its callback is released by the message's `ack`: then the
 * PUBACK leaves, and the message goes on to local subscribers.
 *
 * Invariants
 * - A QoS 1 or 2 publish is acknowledged after its `ack`, in order per connection.
 * - Messages reach the sink in the order in which they were read, in the same turn.
 * - After `stop` has resolved nothing reaches the sink, and no socket and no timer is left.
 */
import { Aedes } from "aedes";
import type { Clock, EpochMs } from "../../core/clock.ts";
import { bug, GatewayError } from "../../core/errors.ts";
import type { Logger } from "../../core/logger.ts";
import type { MessageSink, Source } from "../../core/message.ts";
import type { Metrics } from "../../core/metrics.ts";
import type { MqttBrokerOptions } from "../options.ts";
import { accessFault } from "./access.ts";
import { Audience, spareUnheard } from "./audience.ts";
import { type BrokerMetrics, createBrokerMetrics } from "./broker-metrics.ts";
import { clientSteps, sessionNameOf } from "./client-steps.ts";
import type { Connection } from "./connection.ts";
import type { Deliveries } from "./deliveries.ts";
import { Entrance } from "./entrance.ts";
import { Gatekeeper } from "./gatekeeper.ts";
import { InFlight } from "./in-flight.ts";
import { replaceIncomingStore, watchAnswers } from "./incoming-store.ts";
import { Ingest } from "./ingest.ts";
import { createLogin } from "./login.ts";
import { Presence } from "./presence.ts";
import { RetainedBound } from "./retained.ts";
import { boundSessionQueues } from "./session-queue.ts";
import { Sessions } from "./sessions.ts";
import type { Users } from "./users.ts";

/** What the broker is built from. */
export interface EmbeddedBrokerDeps {
  /** Undefined: everybody may connect, which is for loopback addresses only. */
  readonly users: Users | undefined;
  readonly sink: MessageSink;
  /** Of the gateway: brokers share it. */
  readonly deliveries: Deliveries;
  /** Gateway time. */
  readonly nowMs: () => EpochMs;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** The broker as a source, and as the way to the devices. */
export interface EmbeddedBroker extends Source {
  /** Clients that are connected. */
  readonly clients: number;
  /** Sends to subscribed devices; resolves when it is on its way to those that are connected. */
  publish(
    topic: string,
    payload: Uint8Array,
    options: { readonly qos: 0 | 1 | 2; readonly retain: boolean },
  ): Promise<void>;
}

/**
 * Opens the broker and its port. Throws `config.invalid` when strangers could publish, and
 * `source.unavailable` when the port cannot be had.
 */
export async function openEmbeddedBroker(
  options: MqttBrokerOptions,
  deps: EmbeddedBrokerDeps,
): Promise<EmbeddedBroker> {
  if (options.users !== undefined && deps.users === undefined) bug("the users were not loaded");
  const fault = deps.users === undefined ? accessFault(options) : undefined;
  if (fault !== undefined) {
    throw new GatewayError("config.invalid", `${fault.message}; ${fault.hint}`);
  }
  const broker = new AedesBroker(options, deps);
  await broker.open(options.listen);
  return broker;
}

const connectTimeoutMs = 5_000;
/** A subscriber that takes nothing for so long is disconnected. */
const drainTimeoutMs = 10_000;
/** Announcements between the brokers of a cluster; there is one here. */
const heartbeatMs = 86_400_000;

class AedesBroker implements EmbeddedBroker {
  readonly #aedes: Aedes;
  readonly #entrance: Entrance;
  readonly #sessions: Sessions<Connection>;
  readonly #presence: Presence;
  readonly #inFlight: InFlight;
  readonly #ingest: Ingest;
  readonly #retained = new RetainedBound();
  readonly #audience = new Audience();
  readonly #metrics: BrokerMetrics;
  readonly #deliveries: Deliveries;
  readonly #connections = new WeakMap<object, Connection>();
  #stopping = false;
  #stopped: Promise<void> | undefined;

  constructor({ limits }: MqttBrokerOptions, deps: EmbeddedBrokerDeps) {
    const { clock, deliveries, logger, nowMs, sink, users } = deps;
    const metrics = createBrokerMetrics(deps.metrics);
    this.#deliveries = deliveries;
    this.#metrics = metrics;
    this.#sessions = new Sessions(limits.max_clients);
    const gatekeeper = new Gatekeeper(this.#sessions, users === undefined, clock);
    this.#presence = new Presence(sink, nowMs);
    this.#inFlight = new InFlight(limits.in_flight_bytes);
    this.#ingest = new Ingest({
      sink,
      nowMs,
      logger,
      metrics,
      gatekeeper,
      retained: this.#retained,
    });
    this.#entrance = new Entrance(limits, {
      clock,
      logger,
      metrics,
      inFlight: this.#inFlight,
      arrived: (connection) => {
        this.#connections.set(this.#aedes.handle(connection.socket), connection);
      },
      left: (connection) => {
        connection.end();
        this.#sessions.close(connection.client, connection);
        if (!this.#stopping) this.#presence.leave(connection);
      },
    });
    this.#aedes = new Aedes({
      concurrency: 1_000,
      queueLimit: 1_000,
      // Open messages are bounded by the table, which takes their payloads out of memory.
      maxInflightInbound: 0,
      connectTimeout: connectTimeoutMs,
      drainTimeout: drainTimeoutMs,
      heartbeatInterval: heartbeatMs,
      ...clientSteps({
        audience: this.#audience,
        connectionOf: (client) => this.#of(client),
        deliveries,
        entrance: this.#entrance,
        gatekeeper,
        ingest: this.#ingest,
        isStopping: () => this.#stopping,
        login: users && createLogin(users),
        metrics,
        sessions: this.#sessions,
      }),
    });
    spareUnheard(this.#aedes, this.#audience);
    watchAnswers(this.#aedes, (packet) => this.#ingest.answered(packet));
  }

  get name(): string {
    return this.#entrance.source;
  }

  get address(): string {
    return this.#entrance.address;
  }

  get holding(): boolean {
    return this.#inFlight.held > 0;
  }

  get clients(): number {
    return this.#presence.clients;
  }

  async open(listen: string): Promise<void> {
    await this.#aedes.listen();
    const store: unknown = Reflect.get(this.#aedes, "persistence");
    replaceIncomingStore(store, {
      resendOf: (packet) => this.#ingest.resendOf(packet),
      release: (client, packetId) => this.#of(client).release(packetId),
      clear: (client) => this.#deliveries.clear(sessionNameOf(this.#of(client))),
    });
    boundSessionQueues(store, {
      isSubscribed: (client, filter) => this.#sessions.isSubscribed(client, filter),
      dropped: () => this.#metrics.queueDropped.add(),
    });
    this.#aedes.on("connackSent", ({ returnCode }, client) => {
      if (returnCode === 0) this.#of(client).welcome();
    });
    this.#aedes.on("client", (client) => {
      if (!this.#stopping) this.#presence.arrive(this.#of(client));
    });
    this.#aedes.on("unsubscribe", (filters, client) => {
      const connection = this.#of(client);
      for (const filter of filters) this.#sessions.unsubscribe(client.id, filter, connection);
    });
    try {
      await this.#entrance.open(listen);
    } catch (error) {
      await this.#closeAedes();
      throw error;
    }
  }

  publish(
    topic: string,
    payload: Uint8Array,
    { qos, retain }: { readonly qos: 0 | 1 | 2; readonly retain: boolean },
  ): Promise<void> {
    const bytes = Buffer.from(payload);
    const kept = retain && this.#retained.admit(topic, bytes.length);
    return new Promise((resolve, reject) => {
      this.#aedes.publish(
        { cmd: "publish", topic, payload: bytes, qos, retain: kept, dup: false },
        (error) => {
          if (!error) resolve();
          else reject(GatewayError.from(error, "source.unavailable", `cannot publish to ${topic}`));
        },
      );
    });
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#close();
    return this.#stopped;
  }

  async #close(): Promise<void> {
    this.#stopping = true;
    const closed = this.#entrance.close();
    await this.#closeAedes();
    this.#entrance.cut();
    await closed;
  }

  #closeAedes(): Promise<void> {
    return new Promise((resolve) => this.#aedes.close(resolve));
  }

  #of(client: object): Connection {
    return this.#connections.get(client) ?? bug("the broker has a client that nobody let in");
  }
}
