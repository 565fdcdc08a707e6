/**
 * The MQTT 3.1.1 broker inside the gateway.
 *
 * The package does what has to do with connections and QoS 2; messages of QoS 0 and 1, and what
 * subscribers send, are handled here. A message goes to the sink when it is read. When it is on disk
 * it is answered, and goes on to local subscribers. For wills and QoS 2 `authorizePublish` is the
 * only moment at which the package waits: its callback is what waits for the disk.
 *
 * Invariants
 * - A QoS 1 or 2 publish is answered when it and all before it are on disk, in order per connection.
 * - Messages reach the sink in the order in which they were read, in the same turn.
 * - After `stop` has resolved nothing reaches the sink, and no socket and no timer is left.
 */
import { Aedes } from "aedes";
import type { DeviceWay } from "../../core/device-write.ts";
import { bug, GatewayError } from "../../core/errors.ts";
import type { Refusal } from "../../core/refusal.ts";
import type { TlsMaterial } from "../../tls/tls-material.ts";
import { InFlight } from "../in-flight.ts";
import type { EmbeddedBroker, EmbeddedBrokerDeps } from "./broker.ts";
import { createBrokerMetrics } from "./broker-metrics.ts";
import { userOfCertificate } from "./certified-user.ts";
import { noteFailure } from "./client-failure.ts";
import { sessionNameOf } from "./client-steps.ts";
import type { Connection } from "./connection.ts";
import { BrokerWay } from "./device-way.ts";
import { Entrance } from "./entrance.ts";
import { Gatekeeper } from "./gatekeeper.ts";
import { Ingest, type IngestDeps } from "./ingest.ts";
import { createLogin } from "./login.ts";
import type { MqttBrokerOptions } from "./options.ts";
import { packageOptions, publishBy } from "./package-fronts.ts";
import { PacketDesk } from "./packet-desk.ts";
import { Presence } from "./presence.ts";
import { Refusals } from "./refusals.ts";
import { strangersFaults } from "./strangers-faults.ts";
import { Subscribers } from "./subscribers.ts";
import { userChanges } from "./user-changes.ts";
import { UsersBook } from "./users-book.ts";
import { VisitorsBook } from "./visitors-book.ts";

/**
 * Opens the broker and its port. Throws `config.invalid` when strangers could publish, and
 * `source.unavailable` when the port cannot be had.
 */
export async function openEmbeddedBroker(
  options: MqttBrokerOptions,
  deps: EmbeddedBrokerDeps,
): Promise<EmbeddedBroker> {
  if ((options.users && !deps.users) || (options.tls && !deps.tls)) bug("a file was not loaded");
  const [fault] = strangersFaults(options);
  if (fault) throw new GatewayError("config.invalid", `${fault.message}; ${fault.hint}`);
  const broker = new AedesBroker(options, deps);
  await broker.open(options, deps.tls);
  return broker;
}

class AedesBroker implements EmbeddedBroker {
  readonly #aedes: Aedes;
  readonly #entrance: Entrance;
  readonly #presence: Presence;
  readonly #inFlight: InFlight;
  readonly #ingest: Ingest;
  readonly toDevices: DeviceWay;
  readonly #subscribers: Subscribers;
  readonly #refusals: Refusals;
  readonly changeUsers: EmbeddedBroker["changeUsers"];
  readonly #connections = new WeakMap<object, Connection>();
  #stopping = false;
  #stopped: Promise<void> | undefined;

  constructor({ limits }: MqttBrokerOptions, deps: EmbeddedBrokerDeps) {
    const { audit, clientOf, clock, deliveries, log, logger, nowMs, sink, tls, users } = deps;
    const metrics = createBrokerMetrics(deps.metrics);
    const visitors = new VisitorsBook(logger, clock);
    const refusals = new Refusals({ audit, book: visitors, metrics, nowMs });
    this.#refusals = refusals;
    const book = users && new UsersBook(users);
    const subscribers = new Subscribers({
      maxKept: limits.max_clients,
      maySubscribe: (connection, filter) => gatekeeper.maySubscribe(connection, filter),
      over: (session) => void deliveries.clear(sessionNameOf(session.lastHolder)),
      clock,
      refusals,
    });
    const { sessions } = subscribers;
    this.#subscribers = subscribers;
    this.toDevices = new BrokerWay({ subscribers, clientOf, clock, logger });
    this.#inFlight = new InFlight(limits.in_flight_bytes, log);
    const isAnonymous = users === undefined && tls?.ca === undefined;
    const gatekeeper = new Gatekeeper(sessions, this.#inFlight, isAnonymous, clock);
    this.#presence = new Presence(sink, log, nowMs, clock);
    const deliver: IngestDeps["deliver"] = (packet, from) => subscribers.deliver(packet, from);
    this.#ingest = new Ingest({
      sink,
      nowMs,
      metrics,
      gatekeeper,
      refusals,
      maxPacketBytes: limits.max_packet,
      deliver,
    });
    const desk = new PacketDesk({
      ingest: this.#ingest,
      subscribers,
      isStopping: () => this.#stopping,
    });
    this.#entrance = new Entrance(limits, {
      audit,
      clock,
      metrics,
      book: visitors,
      refusals,
      inFlight: this.#inFlight,
      deliver,
      arrived: (connection) => {
        const client = this.#aedes.handle(connection.socket);
        this.#connections.set(client, connection);
        desk.serve(client, connection);
      },
      left: (connection) => {
        connection.end();
        sessions.close(connection.client, connection);
        if (!this.#stopping) this.#presence.leave(connection);
      },
    });
    const { connections } = this.#entrance;
    this.changeUsers = userChanges({ book, connections, logger, sessions });
    this.#aedes = new Aedes(
      packageOptions({
        connectionOf: (client) => this.#of(client),
        deliveries,
        gatekeeper,
        ingest: this.#ingest,
        isStopping: () => this.#stopping,
        login: book && createLogin(book, clock),
        userOfCertificate: (name) => userOfCertificate(name, book),
        sessions,
        refusals,
      }),
    );
    this.#aedes.publish = publishBy(
      (packet, client) => subscribers.deliver(packet, client && this.#connections.get(client)),
      (packet) => this.#ingest.answered(packet),
    );
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

  get refusals(): readonly Refusal[] {
    return this.#refusals.latest;
  }

  get clients(): number {
    return this.#presence.clients;
  }

  get webSocketAddress(): string | undefined {
    return this.#entrance.webSocketAddress;
  }

  renew(material: TlsMaterial): void {
    this.#entrance.renew(material);
  }

  async open(options: MqttBrokerOptions, tls: TlsMaterial | undefined): Promise<void> {
    await this.#aedes.listen();
    this.#aedes.on("connackSent", ({ returnCode }, client) => {
      if (returnCode !== 0) return;
      const connection = this.#of(client);
      this.#entrance.came(connection);
      this.#subscribers.welcome(connection);
      connection.welcome();
    });
    this.#aedes.on("client", (client) => {
      if (!this.#stopping) this.#presence.arrive(this.#of(client));
    });
    const failed = (client: { readonly closed: boolean }, failure: Error): void => {
      if (!client.closed && !this.#stopping) noteFailure(this.#of(client), failure, this.#refusals);
    };
    this.#aedes.on("connectionError", failed);
    this.#aedes.on("clientError", failed);
    try {
      await this.#entrance.open(options, tls);
    } catch (error) {
      await this.#closeAedes();
      throw error;
    }
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#close();
    return this.#stopped;
  }

  async #close(): Promise<void> {
    this.#stopping = true;
    this.#presence.stop();
    this.#subscribers.sessions.stop();
    this.#entrance.dismiss();
    const closed = this.#entrance.close();
    await this.#closeAedes();
    this.#entrance.cut();
    await closed;
    this.#inFlight.close();
  }

  #closeAedes(): Promise<void> {
    return new Promise((resolve) => this.#aedes.close(resolve));
  }

  #of(client: object): Connection {
    return this.#connections.get(client) ?? bug("the broker has a client that nobody let in");
  }
}
