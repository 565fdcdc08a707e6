/**
 * A client of a broker outside. It keeps a session there, so that the broker keeps what is published
 * while the gateway is away, and acknowledges what is on disk.
 *
 * Invariants
 * - One connection at a time; the next is tried after a wait that grows, with jitter.
 * - A wait is forgotten only after a connection that lasted: one that is closed again at once, over
 *   and over, is no success.
 * - After `stop` has resolved nothing reaches the sink, and no socket and no timer is left.
 */
import { type Clock, sleep, type Timer } from "../../core/clock.ts";
import type { LinkState, Source } from "../../core/message.ts";
import type { Counter } from "../../core/metrics.ts";
import type { Refusal } from "../../core/refusal.ts";
import { Backoff } from "../../core/retry.ts";
import type { ClientTlsPaths } from "../../tls/client-tls.ts";
import { InFlight } from "../in-flight.ts";
import type { SourceSurroundings } from "../source-kind.ts";
import { BrokerConnection, type Ending } from "./broker-connection.ts";
import type { BrokerUrl } from "./broker-url.ts";
import { readPassword, readTlsParts } from "./credentials.ts";
import { OutsideWay } from "./device-way.ts";
import { dial } from "./dial.ts";
import { failureWords } from "./failure-words.ts";
import { FilterRefusals } from "./filter-refusals.ts";
import { Intake } from "./intake.ts";
import { LinkReport } from "./link-report.ts";
import type { MqttClientOptions } from "./options.ts";
import { RecentDeliveries } from "./recent-deliveries.ts";
import { SessionMemory } from "./session-memory.ts";
import { Subscriptions, wantedTopics } from "./subscriptions.ts";
import type { Connack, Introduction, Suback } from "./wire.ts";

const backoffLimits = { baseMs: 1_000, maxMs: 60_000 };
/** A connection that lasted so long was one. */
const lastingMs = 30_000;
/** After so many that did not last one in a row, somebody should look. */
const suspectShort = 3;
/** The disk has so long for what was read before the source is stopped. */
const drainMs = 2_000;

/** An entry of the configuration whose files are all right. */
export interface LoadedEntry {
  readonly options: MqttClientOptions;
  readonly url: BrokerUrl;
  readonly files: ClientTlsPaths;
}

/** Begins to connect, and does not wait for it. Throws `config.secret-missing`. */
export async function openOutsideBroker(
  entry: LoadedEntry,
  surroundings: SourceSurroundings,
): Promise<Source> {
  const { options, url } = entry;
  await readPassword(options, surroundings);
  const { gateway, site } = surroundings.origin;
  const clientId = options.client_id ?? `sluicegate-${site}-${gateway}`;
  const memory = new SessionMemory({ ...surroundings, broker: url.text, clientId });
  await memory.load();
  const broker = new OutsideBroker(entry, clientId, memory, surroundings);
  broker.connect();
  return broker;
}

class OutsideBroker implements Source {
  readonly name: string;
  readonly address: string;
  readonly toDevices: OutsideWay;
  readonly #options: MqttClientOptions;
  readonly #url: BrokerUrl;
  readonly #files: ClientTlsPaths;
  readonly #clientId: string;
  readonly #memory: SessionMemory;
  readonly #surroundings: SourceSurroundings;
  readonly #clock: Clock;
  readonly #inFlight: InFlight;
  readonly #recent: RecentDeliveries;
  readonly #resends: Counter;
  readonly #subscriptions: Subscriptions;
  readonly #refused: FilterRefusals;
  readonly #report: LinkReport;
  readonly #backoff: Backoff;
  #connection: BrokerConnection | undefined;
  #intake: Intake | undefined;
  #retry: Timer | undefined;
  /** When the broker let us in; undefined before. */
  #welcomeMs: number | undefined;
  #shortLives = 0;
  #stopped: Promise<void> | undefined;

  constructor(
    { files, options, url }: LoadedEntry,
    clientId: string,
    memory: SessionMemory,
    surroundings: SourceSurroundings,
  ) {
    const { clock, log, logger, metrics, nowMs, random, sink } = surroundings;
    const { limits, version } = options;
    const level = version === 5 ? 5 : 4;
    this.name = `mqtt-client ${url.text}`;
    this.address = url.text;
    this.#options = options;
    this.#url = url;
    this.#files = files;
    this.#clientId = clientId;
    this.#memory = memory;
    this.#surroundings = surroundings;
    this.#clock = clock;
    this.#inFlight = new InFlight(limits.in_flight_bytes, log, 1);
    this.#recent = new RecentDeliveries(limits.in_flight_messages);
    this.toDevices = new OutsideWay(url.text, level, clock);
    this.#subscriptions = new Subscriptions(level, wantedTopics(options), memory);
    const facts = { source: this.name, broker: url.text, logger, metrics, nowMs };
    this.#refused = new FilterRefusals(facts);
    this.#report = new LinkReport({ ...facts, sink });
    this.#backoff = new Backoff(backoffLimits, random);
    this.#resends = metrics.counter(
      "gateway_sources_broker_resends_total",
      "Messages that a broker outside sent again, and that were stored already.",
    );
  }

  get holding(): boolean {
    return this.#inFlight.held > 0 || this.#intake?.isFull === true;
  }

  get refusals(): readonly Refusal[] {
    return this.#refused.latest;
  }

  get link(): LinkState {
    return this.#report.state;
  }

  connect(): void {
    void this.#dial().catch((failure: unknown) =>
      this.#ended({ cause: "connection-lost", words: failureWords(failure, this.#url) }),
    );
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#close();
    return this.#stopped;
  }

  async #dial(): Promise<void> {
    const options = this.#options;
    // Read anew each time: a password or certificate that was replaced counts from here on.
    const password = await readPassword(options, this.#surroundings);
    const tls = await readTlsParts(this.#files, this.#surroundings);
    if (this.#stopped !== undefined) return;
    const { limits } = options;
    const introduction: Introduction = {
      level: options.version === 5 ? 5 : 4,
      clientId: this.#clientId,
      keepAliveSeconds: Math.ceil(options.keep_alive / 1_000),
      user: options.user,
      password,
      sessionExpirySeconds: Math.ceil(options.session_expiry / 1_000),
      receiveMaximum: limits.in_flight_messages,
      maxPacketBytes: limits.max_packet,
    };
    const { nowMs, sink } = this.#surroundings;
    const dialed = dial(this.#url, {
      ...tls,
      serverName: options.tls?.server_name,
      verify: options.tls?.verify ?? true,
    });
    const intake = new Intake({
      source: this.name,
      sink,
      nowMs,
      inFlight: this.#inFlight,
      recent: this.#recent,
      mostWaiting: limits.in_flight_messages,
      resends: this.#resends,
      write: (bytes) => connection.write(bytes),
      resume: () => connection.resume(),
    });
    const connection = new BrokerConnection(
      { dialed, url: this.#url, introduction, clock: this.#clock },
      {
        accepted: (connack) => this.#accepted(connection, connack),
        publish: (packet) => intake.take(packet),
        puback: (packet) => this.toDevices.answered(packet),
        suback: (packet) => this.#subscribed(packet),
        mayRead: () => intake.mayRead(),
        ended: (ending) => {
          intake.end();
          this.#ended(ending);
        },
      },
    );
    this.#connection = connection;
    this.#intake = intake;
  }

  #accepted(connection: BrokerConnection, connack: Connack): void {
    const { sessionPresent } = connack;
    this.#welcomeMs = this.#clock.monotonicMs();
    const session = sessionPresent ? "kept" : this.#memory.filters.size > 0 ? "lost" : "new";
    if (!sessionPresent) this.#recent.clear();
    const { version } = this.#options;
    this.#report.connected({ version: String(version), session });
    for (const frame of this.#subscriptions.begin(sessionPresent)) connection.write(frame);
    this.toDevices.begin(connection, connack);
  }

  #subscribed(packet: Suback): void {
    for (const granted of this.#subscriptions.answered(packet)) this.#refused.note(granted, packet);
  }

  #ended(ending: Ending): void {
    const livedMs =
      this.#welcomeMs === undefined ? undefined : this.#clock.monotonicMs() - this.#welcomeMs;
    this.toDevices.end();
    this.#connection = undefined;
    this.#intake = undefined;
    this.#welcomeMs = undefined;
    if (this.#stopped !== undefined) return;
    const isLasting = livedMs !== undefined && livedMs >= lastingMs;
    if (isLasting) this.#backoff.reset();
    this.#shortLives = livedMs === undefined || isLasting ? 0 : this.#shortLives + 1;
    const waitMs = this.#backoff.nextMs();
    this.#report.failed(this.#suspecting(ending), waitMs);
    this.#retry = this.#clock.setTimer(waitMs, () => this.connect());
  }

  /** An MQTT 3.1.1 broker does not say that another client took the session. */
  #suspecting(ending: Ending): Ending {
    if (ending.cause !== "connection-lost" || this.#shortLives < suspectShort) return ending;
    const words = `${ending.words}, each time soon after it let us in; is another client there that is called ${this.#clientId} (client_id)?`;
    return { cause: "takeover", words };
  }

  async #close(): Promise<void> {
    this.#retry?.cancel();
    const connection = this.#connection;
    if (connection !== undefined) {
      connection.hold();
      const patience = new AbortController();
      const wait = sleep(this.#clock, drainMs, patience.signal);
      await Promise.race([this.#intake?.drained(), wait]);
      patience.abort();
      await connection.leave();
    }
    this.#report.stopped();
    this.#inFlight.close();
    await this.#memory.settled();
  }
}
