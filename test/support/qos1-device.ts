/**
 * A device that publishes with QoS 1 in a kept session as most clients do: it counts its packet
 * identifiers up, and after each cut sends what has no PUBACK again, with DUP, before anything new.
 */
import { createConnection, type Socket } from "node:net";
import mqttPacket, { type Packet } from "mqtt-packet";
import type { Clock } from "../../src/core/clock.ts";

export interface Qos1DeviceOptions {
  readonly port: number;
  readonly clientId: string;
  readonly topic: string;
  /** Messages without a PUBACK. */
  readonly window: number;
  readonly version: 4 | 5;
  readonly clock: Clock;
  /** Its PUBACK is there; messages are numbered from 1: `{"n":1}`. */
  readonly onAcked: (n: number) => void;
}

const reconnectMs = 20;
const mostPacketIds = 65_535;

export class Qos1Device {
  readonly #options: Qos1DeviceOptions;
  /** Numbers of messages that were sent and not answered, oldest first. */
  readonly #underWay: number[] = [];
  #socket: Socket | undefined;
  #isConnected = false;
  #next = 1;
  #last = Number.POSITIVE_INFINITY;
  #isStopped = false;
  /** PUBLISHes beyond the first of their message. */
  resent = 0;

  constructor(options: Qos1DeviceOptions) {
    this.#options = options;
    this.#connect();
  }

  /** Messages that were answered. */
  get answered(): number {
    return this.#next - 1 - this.#underWay.length;
  }

  /** True once all that was sent is answered, and nothing more is sent. */
  get isDone(): boolean {
    return this.#last < this.#next && this.#underWay.length === 0;
  }

  /** Begins no new messages. */
  finish(): void {
    this.#last = this.#next - 1;
  }

  stop(): void {
    this.#isStopped = true;
    this.#socket?.destroy();
  }

  #connect(): void {
    if (this.#isStopped) return;
    const { clientId, clock, port, version } = this.#options;
    const socket = createConnection({ port, host: "127.0.0.1", noDelay: true });
    const parser = mqttPacket.parser({ protocolVersion: version });
    parser.on("packet", (packet: Packet) => this.#take(packet));
    const properties = version === 5 && { properties: { sessionExpiryInterval: 600 } };
    const connect = { clientId, clean: false, keepalive: 0, protocolVersion: version };
    socket.on("connect", () => this.#send({ cmd: "connect", ...connect, ...properties }));
    socket.on("data", (bytes) => void parser.parse(bytes));
    socket.on("error", () => {});
    socket.once("close", () => {
      this.#isConnected = false;
      clock.setTimer(reconnectMs, () => this.#connect());
    });
    this.#socket = socket;
  }

  #take(packet: Packet): void {
    if (packet.cmd === "connack") {
      this.#isConnected = true;
      for (const n of this.#underWay) this.#publish(n, true);
      this.resent += this.#underWay.length;
    } else if (packet.cmd === "puback") {
      const at = this.#underWay.findIndex((n) => packetIdOf(n) === packet.messageId);
      const [n] = at < 0 ? [] : this.#underWay.splice(at, 1);
      if (n !== undefined) this.#options.onAcked(n);
    }
    while (this.#isConnected && this.#next <= this.#last) {
      if (this.#underWay.length >= this.#options.window) return;
      this.#underWay.push(this.#next);
      this.#publish(this.#next, false);
      this.#next += 1;
    }
  }

  #publish(n: number, dup: boolean): void {
    const { topic } = this.#options;
    const payload = JSON.stringify({ n });
    const messageId = packetIdOf(n);
    this.#send({ cmd: "publish", topic, payload, qos: 1, messageId, dup, retain: false });
  }

  #send(packet: Packet): void {
    const { version } = this.#options;
    this.#socket?.write(mqttPacket.generate(packet, { protocolVersion: version }));
  }
}

function packetIdOf(n: number): number {
  return ((n - 1) % mostPacketIds) + 1;
}
