/**
 * The port, the connections on it, and what keeps strangers from filling the gateway: limits, the
 * guard of each connection, and the search for silent clients.
 */
import type { Socket } from "node:net";
import type { Audit } from "../../core/audit.ts";
import type { Clock, Timer } from "../../core/clock.ts";
import { bug } from "../../core/errors.ts";
import { parseListenAddress } from "../../core/listen-address.ts";
import type { TlsMaterial } from "../../tls/tls-material.ts";
import type { InFlight } from "../in-flight.ts";
import { listenOn } from "../listen.ts";
import { Admission } from "./admission.ts";
import type { BrokerMetrics } from "./broker-metrics.ts";
import type { ClientSocket } from "./client-socket.ts";
import { Connection } from "./connection.ts";
import type { InboundPacket } from "./inbound-packet.ts";
import type { MqttBrokerOptions } from "./options.ts";
import type { Port, PortGuests } from "./port.ts";
import { stuckMs } from "./pulse.ts";
import { endings, problemLimits } from "./reasons.ts";
import type { Refusals } from "./refusals.ts";
import { tcpPort } from "./tcp-port.ts";
import { Turns } from "./turns.ts";
import { Unfinished } from "./unfinished.ts";
import type { VisitorsBook } from "./visitors-book.ts";

/** How often silent clients are looked for. */
const sweepMs = 500;

/** Where the limits of the port are set. */
const limitOf = {
  "max-clients": "max_clients",
  "max-clients-per-address": "max_clients_per_address",
  "connect-rate": "connects_per_second",
} as const;

export interface EntranceDeps {
  readonly audit: Audit;
  readonly clock: Clock;
  readonly metrics: BrokerMetrics;
  readonly book: VisitorsBook;
  readonly refusals: Refusals;
  readonly inFlight: InFlight;
  /** Hands a message on to subscribers. */
  deliver(packet: InboundPacket, from: Connection): void;
  /** A connection that may speak; nothing of it was read yet. */
  arrived(connection: Connection): void;
  /** Its socket is closed, for whatever reason. */
  left(connection: Connection): void;
}

export class Entrance {
  readonly #deps: EntranceDeps;
  readonly #limits: MqttBrokerOptions["limits"];
  readonly #admission: Admission;
  readonly #turns: Turns;
  readonly #unfinished: Unfinished;
  readonly #connections = new Set<Connection>();
  /** Those of connections, and of who is still on the way to be one. */
  readonly #sockets = new Set<Socket>();
  readonly #ports: Port[] = [];
  #address = "";
  #webSocketAddress: string | undefined;
  #sweep: Timer | undefined;

  constructor(limits: MqttBrokerOptions["limits"], deps: EntranceDeps) {
    this.#deps = deps;
    this.#limits = limits;
    this.#turns = new Turns(deps.clock);
    this.#unfinished = new Unfinished(Math.max(limits.in_flight_bytes, 2 * limits.max_packet));
    this.#admission = new Admission(
      {
        maxClients: limits.max_clients,
        maxClientsPerAddress: limits.max_clients_per_address,
        connectsPerSecond: limits.connects_per_second,
      },
      deps.clock,
    );
  }

  /** Those that are there, whether let in or not. */
  get connections(): Iterable<Connection> {
    return this.#connections;
  }

  /** Host and real port, once open. */
  get address(): string {
    return this.#address;
  }

  /** The name of the source, once open. */
  get source(): string {
    return `mqtt ${this.#address}`;
  }

  /** Where WebSockets are taken, once open. */
  get webSocketAddress(): string | undefined {
    return this.#webSocketAddress;
  }

  /** Throws `source.unavailable` when a port cannot be had; those before it are closed again. */
  async open(
    { listen, websocket }: Pick<MqttBrokerOptions, "listen" | "websocket">,
    tls: TlsMaterial | undefined,
  ): Promise<void> {
    try {
      this.#address = await this.#listen(listen, (guests) => tcpPort(tls, guests));
      if (websocket) {
        const { webSocketPort } = await import("./websocket-port.ts");
        const options = { ...websocket, maxMessageBytes: this.#limits.max_packet };
        this.#webSocketAddress = await this.#listen(websocket.listen, (guests) =>
          webSocketPort(options, tls, guests),
        );
      }
    } catch (failure) {
      await this.close();
      throw failure;
    }
    this.#lookAround();
  }

  /** Who connects from now on is shown these. */
  renew(material: TlsMaterial): void {
    for (const port of this.#ports) port.renew(material);
  }

  /** Takes no more connections; resolves when the last one is gone. */
  async close(): Promise<void> {
    this.#sweep?.cancel();
    this.#deps.book.flush(true);
    await Promise.all(
      this.#ports.map(({ server }) => new Promise((resolve) => server.close(resolve))),
    );
  }

  /** Tells the clients of version 5 that the broker stops. */
  dismiss(): void {
    for (const connection of this.#connections)
      if (connection.version5 !== undefined) connection.close(endings.stopping);
  }

  /** Ends every connection. */
  cut(): void {
    for (const { socket } of this.#connections) socket.destroy();
    for (const socket of this.#sockets) socket.destroy();
  }

  async #listen(listen: string, portOf: (guests: PortGuests) => Port): Promise<string> {
    const wanted = parseListenAddress(listen) ?? bug(`"${listen}" was not checked`);
    const port = portOf({
      admit: (socket) => this.#admit(socket),
      arrived: (socket, certified) => this.#arrived(socket, certified),
      refused: (reason, facts) => this.#deps.refusals.note("client", reason, facts),
    });
    const address = await listenOn(port.server, wanted);
    this.#ports.push(port);
    return address;
  }

  /** Tells that a client was let in; that it left is journaled too, with the cause. */
  came({ address, client, user }: Connection): void {
    const done = { action: "mqtt-login", target: client, outcome: "done", text: null } as const;
    this.#deps.audit.count({ by: user?.name ?? "nobody", from: address, ...done });
    const fields = { client, user: user?.name, address };
    this.#deps.book.note("info", "a client connected", "came", `${address} ${client}`, fields);
  }

  #admit(socket: Socket): boolean {
    const address = socket.remoteAddress ?? "";
    const reason = this.#admission.admit(address);
    if (reason !== undefined) {
      socket.destroy();
      const limit = limitOf[reason];
      this.#deps.refusals.note("client", reason, { address, limit, atMost: this.#limits[limit] });
      return false;
    }
    this.#sockets.add(socket);
    socket.once("close", () => {
      this.#sockets.delete(socket);
      this.#admission.leave(address);
    });
    return true;
  }

  #arrived(socket: ClientSocket, certified: string | undefined): void {
    const { deliver, refusals } = this.#deps;
    const connection = new Connection(socket, {
      certified,
      source: this.source,
      limits: {
        maxPacketBytes: this.#limits.max_packet,
        receiveMaximum: receiveMaximumFor(this.#deps.inFlight.maxLaneBytes),
      },
      inFlight: this.#deps.inFlight,
      turns: this.#turns,
      unfinished: this.#unfinished,
      deliver,
      malformed: (problem, facts) =>
        refusals.note("client", problem, { ...facts, ...problemLimits[problem] }),
    });
    this.#connections.add(connection);
    this.#deps.arrived(connection);
    socket.once("close", () => {
      this.#connections.delete(connection);
      this.#went(connection);
      this.#deps.left(connection);
    });
  }

  #went({ address, cause, client, introduction, isIn, user }: Connection): void {
    if (!isIn) return;
    const { keepAliveSeconds } = introduction;
    const limit = cause === "keepalive" ? { keepAliveSeconds } : {};
    const fields = { cause, ...limit, client, user: user?.name, address };
    this.#deps.book.note("info", "a client left", `left ${cause}`, `${address} ${client}`, fields);
  }

  #lookAround(): void {
    const { book, clock, inFlight, metrics, refusals } = this.#deps;
    const nowMs = clock.monotonicMs();
    let unsentBytes = 0;
    for (const connection of this.#connections) {
      connection.closeIfSilent(nowMs);
      const { waitingBytes: bytes } = connection;
      unsentBytes += bytes;
      if (!connection.closeIfStuck(nowMs)) continue;
      const limit = "seconds without taking an answer";
      refusals.note("client", "stuck", {
        ...connection.who,
        bytes,
        limit,
        atMost: stuckMs / 1_000,
      });
    }
    book.flush();
    metrics.clients.set(this.#connections.size);
    metrics.heldClients.set(inFlight.held);
    metrics.inFlightBytes.set(inFlight.bytes);
    metrics.unsentBytes.set(unsentBytes);
    this.#sweep = clock.setTimer(sweepMs, () => this.#lookAround());
  }
}

/** Messages that a client may have under way: about what it may keep waiting for the disk. */
function receiveMaximumFor(laneBytes: number): number {
  return Math.max(10, Math.min(1_000, Math.floor(laneBytes / 2_048)));
}
