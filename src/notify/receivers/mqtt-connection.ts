/** One connection to a broker, from its CONNECT to its end. */
import { createConnection, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Clock } from "../../core/clock.ts";
import { createReader, disconnectFrame, type Packet } from "../../mqtt-publisher/packet-reader.ts";
import type { Delivery } from "../receiver.ts";
import type { ServerUrl } from "../server-url.ts";
import { encodeConnect, encodeRetained } from "./mqtt-wire.ts";

export interface BrokerFacts {
  readonly url: ServerUrl;
  /** Empty: the broker gives one. */
  readonly clientId: string;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly ca: string | undefined;
  /** How long a CONNACK and each PUBACK are waited for. */
  readonly timeoutMs: number;
}

const keepAliveSeconds = 60;
/** A connection on which nothing was said for so long is ended, so that nobody has to keep it alive. */
const silenceMs = 30_000;
const mostPacketIds = 65_535;
/** Return codes of MQTT 3.1.1, 3.2.2.3, in words; all but 3 ask people to look. */
const refusals: Readonly<Record<number, string>> = {
  1: "the broker does not speak MQTT 3.1.1",
  2: "the broker does not take the client id; set `client_id`",
  3: "the broker is not ready for clients",
  4: "the broker refused user or password",
  5: "the broker lets this user do nothing: not authorized",
};
const serverUnavailable = 3;

export class MqttConnection {
  readonly #broker: BrokerFacts;
  readonly #clock: Clock;
  readonly #socket: Socket;
  /** What waits for its PUBACK. */
  readonly #waiting = new Map<number, (delivery: Delivery) => void>();
  readonly #connected: Promise<Delivery>;
  #settleConnected: (delivery: Delivery) => void = () => {};
  #end: Delivery | undefined;
  #packetId = 0;

  constructor(broker: BrokerFacts, clock: Clock) {
    this.#broker = broker;
    this.#clock = clock;
    this.#connected = new Promise((resolve) => {
      this.#settleConnected = resolve;
    });
    this.#socket = dial(broker);
    this.#socket.setNoDelay();
    // What waits for an answer keeps the process; a connection that is only there does not.
    this.#socket.unref();
    this.#socket.setTimeout(silenceMs, () => this.#waiting.size === 0 && this.end());
    const timer = clock.setTimer(broker.timeoutMs, () =>
      this.#fail({ kind: "failed", reason: `no CONNACK in ${broker.timeoutMs} ms` }),
    );
    void this.#connected.then(() => timer.cancel());
    this.#socket.on("error", (error) => this.#fail({ kind: "failed", reason: reasonOf(error) }));
    this.#socket.on("close", () =>
      this.#fail({ kind: "failed", reason: "the broker closed the connection" }),
    );
    const read = createReader(
      4,
      (packet) => this.#take(packet),
      (reason) => this.#fail({ kind: "failed", reason }),
    );
    this.#socket.on("data", read);
    this.#socket.write(encodeConnect({ ...broker, keepAliveSeconds }));
  }

  /** Nothing can be published on it any more. */
  get ended(): boolean {
    return this.#end !== undefined;
  }

  /** Ends it in order. */
  end(): void {
    if (this.ended) return;
    this.#socket.end(disconnectFrame);
    this.#fail({ kind: "failed", reason: "the connection was ended" });
  }

  async publish(topic: string, payload: string, signal: AbortSignal): Promise<Delivery> {
    let stop = (): void => {};
    const cutOff = new Promise<Delivery>((resolve) => {
      stop = (): void => resolve({ kind: "failed", reason: "stopped before its PUBACK" });
    });
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    const connected = await Promise.race([this.#connected, cutOff]);
    const delivery =
      connected.kind === "delivered"
        ? await Promise.race([this.#publishOnce(topic, payload), cutOff])
        : connected;
    signal.removeEventListener("abort", stop);
    return delivery;
  }

  async #publishOnce(topic: string, payload: string): Promise<Delivery> {
    if (this.#end !== undefined) return this.#end;
    const packetId = this.#nextPacketId();
    const { timeoutMs } = this.#broker;
    const answered = new Promise<Delivery>((resolve) => {
      this.#waiting.set(packetId, resolve);
    });
    const timer = this.#clock.setTimer(timeoutMs, () =>
      // What hangs is of no use to those that come after it.
      this.#fail({ kind: "failed", reason: `no PUBACK in ${timeoutMs} ms` }),
    );
    this.#socket.write(encodeRetained(topic, payload, packetId));
    const delivery = await answered;
    timer.cancel();
    this.#waiting.delete(packetId);
    return delivery;
  }

  #take(packet: Packet): void {
    if (packet.cmd === "connack") this.#takeConnack(packet.returnCode ?? 0);
    if (packet.cmd === "puback") this.#waiting.get(packet.messageId ?? 0)?.({ kind: "delivered" });
  }

  #takeConnack(code: number): void {
    if (code === 0) {
      this.#settleConnected({ kind: "delivered" });
      return;
    }
    const reason = refusals[code] ?? `the broker answered with code ${code}`;
    this.#fail({
      kind: "failed",
      reason,
      ...(code !== serverUnavailable && { misconfigured: true }),
    });
  }

  #fail(end: Delivery): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#settleConnected(end);
    for (const answer of this.#waiting.values()) answer(end);
    if (!this.#socket.writableEnded) this.#socket.destroy();
  }

  #nextPacketId(): number {
    do this.#packetId = (this.#packetId % mostPacketIds) + 1;
    while (this.#waiting.has(this.#packetId));
    return this.#packetId;
  }
}

function dial({ ca, url: { host, port, secure } }: BrokerFacts): Socket {
  if (!secure) return createConnection({ host, port });
  return connectTls({
    host,
    port,
    ...(ca !== undefined && { ca }),
    // An address is no name that can be asked for (RFC 6066 §3).
    ...(isIP(host) === 0 && { servername: host }),
  });
}

function reasonOf(error: Error): string {
  if (error.message !== "") return error.message;
  return "code" in error ? String(error.code) : error.name;
}
