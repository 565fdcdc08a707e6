/** One connection to a broker by MQTT 5, from its CONNECT to its end. */
import { createConnection, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Clock } from "../core/clock.ts";
import { createReader, disconnectFrame, type Packet } from "../mqtt-publisher/packet-reader.ts";
import type { Delivered, Trouble } from "./link.ts";
import type { LinkSecrets } from "./link-secrets.ts";
import { brokerTrouble, failuresFrom, judgeAck } from "./mqtt-reasons.ts";
import {
  type Connack,
  encodeConnect,
  encodePublish,
  encodePubrel,
  type Publication,
  pingFrame,
} from "./mqtt-wire.ts";

export interface BrokerFacts {
  readonly url: string;
  /** Empty: the broker gives one. */
  readonly clientId: string;
  readonly user: string | undefined;
  readonly secrets: LinkSecrets;
  /** How long a CONNACK and each answer are waited for. */
  readonly timeoutMs: number;
}

const keepAliveSeconds = 60;
const pingEveryMs = 30_000;
const mostPacketIds = 65_535;
/** What a broker takes that says nothing of it. */
const usualReceiveMaximum = 65_535;

interface Waiting {
  readonly settle: (delivered: Delivered) => void;
  readonly cancel: () => void;
}

export class MqttConnection {
  readonly #facts: BrokerFacts;
  readonly #clock: Clock;
  readonly #socket: Socket;
  readonly #waiting = new Map<number, Waiting>();
  readonly #connected: Promise<Trouble | undefined>;
  #settleConnected: (trouble: Trouble | undefined) => void = () => {};
  #onFree: (() => void)[] = [];
  #end: Trouble | undefined;
  #packetId = 0;
  #receiveMaximum = usualReceiveMaximum;
  #mostBytes = Number.POSITIVE_INFINITY;
  #heard = true;
  #ping: { cancel(): void } = { cancel() {} };

  constructor(facts: BrokerFacts, clock: Clock) {
    this.#facts = facts;
    this.#clock = clock;
    this.#connected = new Promise((resolve) => {
      this.#settleConnected = resolve;
    });
    this.#socket = dial(facts);
    this.#socket.setNoDelay();
    const { secrets, timeoutMs, user } = facts;
    const timer = clock.setTimer(timeoutMs, () => this.#fail(`no CONNACK in ${timeoutMs} ms`));
    void this.#connected.then(() => timer.cancel());
    this.#socket.on("error", (error) => this.#fail(error.message || error.name));
    this.#socket.on("close", () => this.#fail("the broker closed the connection"));
    const read = createReader(
      5,
      (packet) => this.#take(packet),
      (reason) => this.#fail(reason),
    );
    this.#socket.on("data", read);
    const { clientId } = facts;
    this.#socket.write(
      encodeConnect({ clientId, user, password: secrets.password, keepAliveSeconds }),
    );
    this.#keepAlive();
  }

  /** Resolves when the broker let us in; with what is wrong where it did not. */
  get connected(): Promise<Trouble | undefined> {
    return this.#connected;
  }

  /** Nothing can be published on it any more. */
  get ended(): boolean {
    return this.#end !== undefined;
  }

  /** Ends it in order. */
  end(): void {
    if (this.ended) return;
    this.#socket.end(disconnectFrame);
    this.#fail("the connection was ended");
  }

  /** Resolves with the broker's answer; never rejects. */
  async publish(message: Publication): Promise<Delivered> {
    const trouble = await this.#connected;
    if (trouble) return trouble;
    while (!this.#end && this.#waiting.size >= this.#receiveMaximum)
      await new Promise<void>((resolve) => this.#onFree.push(resolve));
    if (this.#end) return this.#end;
    const packetId = this.#nextPacketId();
    const frame = encodePublish(message, packetId);
    if (frame === undefined)
      return { kind: "refused", reason: "MQTT has no form for it: one of its texts is too long" };
    if (frame.length > this.#mostBytes)
      return {
        kind: "refused",
        reason: `it has ${frame.length} bytes, and the broker takes ${this.#mostBytes}`,
      };
    const { timeoutMs } = this.#facts;
    return new Promise((settle) => {
      const timer = this.#clock.setTimer(timeoutMs, () =>
        this.#fail(`no answer in ${timeoutMs} ms`),
      );
      this.#waiting.set(packetId, { settle, cancel: () => timer.cancel() });
      this.#socket.write(frame);
    });
  }

  #take(packet: Packet): void {
    this.#heard = true;
    if (packet.cmd === "connack") this.#takeConnack(packet);
    else if (packet.cmd === "pubrec" && (packet.reasonCode ?? 0) < failuresFrom)
      this.#socket.write(encodePubrel(packet.messageId ?? 0));
    else if (packet.cmd === "puback" || packet.cmd === "pubrec" || packet.cmd === "pubcomp")
      this.#settle(packet.messageId, packet.reasonCode, packet.properties?.reasonString);
    else if (packet.cmd === "disconnect")
      this.#stop(brokerTrouble(packet.reasonCode ?? 0, packet.properties?.reasonString));
  }

  #takeConnack({ properties, reasonCode, returnCode }: Connack): void {
    const code = reasonCode ?? returnCode ?? 0;
    if (code !== 0) {
      this.#stop(brokerTrouble(code, properties?.reasonString));
      return;
    }
    this.#receiveMaximum = properties?.receiveMaximum ?? usualReceiveMaximum;
    this.#mostBytes = properties?.maximumPacketSize ?? Number.POSITIVE_INFINITY;
    this.#settleConnected(undefined);
  }

  #settle(packetId = 0, code = 0, said: string | undefined): void {
    const waiting = this.#waiting.get(packetId);
    if (!waiting) return;
    this.#waiting.delete(packetId);
    waiting.cancel();
    waiting.settle(judgeAck(code, said));
    this.#free();
  }

  #keepAlive(): void {
    this.#ping = this.#clock.setTimer(pingEveryMs, () => {
      if (!this.#heard) return this.#fail("the broker answers nothing any more");
      this.#heard = false;
      this.#socket.write(pingFrame);
      this.#keepAlive();
    });
  }

  #fail(reason: string): void {
    this.#stop({ kind: "trouble", reason });
  }

  #stop(end: Trouble): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#ping.cancel();
    this.#settleConnected(end);
    for (const { cancel, settle } of this.#waiting.values()) {
      cancel();
      settle(end);
    }
    this.#waiting.clear();
    this.#free();
    if (!this.#socket.writableEnded) this.#socket.destroy();
  }

  #free(): void {
    const waiting = this.#onFree;
    this.#onFree = [];
    for (const look of waiting) look();
  }

  #nextPacketId(): number {
    do this.#packetId = (this.#packetId % mostPacketIds) + 1;
    while (this.#waiting.has(this.#packetId));
    return this.#packetId;
  }
}

function dial({ secrets, url }: BrokerFacts): Socket {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  if (protocol !== "mqtts:") return createConnection({ host, port: Number(port || 1_883) });
  const { ca, cert, key } = secrets;
  return connectTls({
    host,
    port: Number(port || 8_883),
    ...(ca && { ca: Buffer.from(ca) }),
    ...(cert && { cert: Buffer.from(cert) }),
    ...(key && { key: Buffer.from(key) }),
    // An address is no name that can be asked for (RFC 6066, 3).
    ...(isIP(host) === 0 && { servername: host }),
  });
}
