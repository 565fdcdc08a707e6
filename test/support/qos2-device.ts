/**
 * A device that publishes with QoS 2 as the standard allows, and as badly as it allows: it keeps its
 * session, sends again after each cut, sends doubles before the answers, and uses few packet
 * identifiers over and over.
 */
import { createConnection, type Socket } from "node:net";
import mqttPacket, { type Packet } from "mqtt-packet";
import type { Clock } from "../../src/core/clock.ts";

export interface Qos2DeviceOptions {
  readonly port: number;
  readonly clientId: string;
  readonly topic: string;
  /** Messages that may be between PUBLISH and PUBCOMP. */
  readonly window: number;
  /** Messages in all, numbered from 1: `{"n":1}`. */
  readonly total: number;
  readonly clock: Clock;
  readonly random: () => number;
  /** The broker has taken the message: its PUBREC is there. Called once for each number. */
  readonly onReceived: (n: number) => void;
}

interface UnderWay {
  readonly n: number;
  readonly packetId: number;
  /** True once its PUBREC came: then only the PUBREL may be sent again. */
  received: boolean;
}

const reconnectMs = 20;
/** A double in front of the PUBREC, and one between PUBREC and PUBREL. */
const doubleChance = 0.1;

export class Qos2Device {
  readonly #options: Qos2DeviceOptions;
  /** In the order in which they were first sent. */
  readonly #underWay: UnderWay[] = [];
  readonly #received = new Set<number>();
  #socket: Socket | undefined;
  #connected = false;
  #next = 1;
  #stopped = false;
  /** PUBLISHes beyond the first of their message. */
  resent = 0;
  /** Connections that were lost or cut. */
  cuts = 0;

  constructor(options: Qos2DeviceOptions) {
    this.#options = options;
    this.#connect();
  }

  /** Messages that are over: their PUBCOMP came. */
  get completed(): number {
    return this.#next - 1 - this.#underWay.length;
  }

  /** Tears the connection; the device comes back by itself. */
  cut(): void {
    this.#socket?.destroy();
  }

  stop(): void {
    this.#stopped = true;
    this.cut();
  }

  #connect(): void {
    if (this.#stopped) return;
    const { clientId, clock, port } = this.#options;
    const socket = createConnection({ port, host: "127.0.0.1", noDelay: true });
    const parser = mqttPacket.parser();
    parser.on("packet", (packet: Packet) => this.#take(packet));
    socket.on("connect", () =>
      this.#send({ cmd: "connect", clientId, clean: false, keepalive: 0 }),
    );
    socket.on("data", (bytes) => void parser.parse(bytes));
    socket.on("error", () => {});
    socket.once("close", () => {
      this.#connected = false;
      this.cuts += 1;
      clock.setTimer(reconnectMs, () => this.#connect());
    });
    this.#socket = socket;
  }

  #take(packet: Packet): void {
    if (packet.cmd === "connack") {
      this.#connected = true;
      this.#resume();
    } else if (packet.cmd === "pubrec") this.#release(packet.messageId ?? 0);
    else if (packet.cmd === "pubcomp") this.#complete(packet.messageId ?? 0);
    this.#fill();
  }

  /** What was under way is sent again, in its order, before anything new. */
  #resume(): void {
    for (const message of this.#underWay) {
      if (message.received) this.#send({ cmd: "pubrel", messageId: message.packetId });
      else this.#publish(message, true);
    }
  }

  #release(packetId: number): void {
    const message = this.#underWay.find((one) => one.packetId === packetId);
    if (!message) return;
    if (!message.received && this.#options.random() < doubleChance) this.#publish(message, true);
    message.received = true;
    if (!this.#received.has(message.n)) {
      this.#received.add(message.n);
      this.#options.onReceived(message.n);
    }
    this.#send({ cmd: "pubrel", messageId: packetId });
  }

  #complete(packetId: number): void {
    const at = this.#underWay.findIndex((one) => one.packetId === packetId && one.received);
    if (at >= 0) this.#underWay.splice(at, 1);
  }

  #fill(): void {
    const { random, total, window } = this.#options;
    while (this.#connected && this.#next <= total && this.#underWay.length < window) {
      const message = { n: this.#next, packetId: this.#freeId(), received: false };
      this.#next += 1;
      this.#underWay.push(message);
      this.#publish(message, false);
      if (random() < doubleChance) this.#publish(message, true);
    }
  }

  #freeId(): number {
    let packetId = 1;
    while (this.#underWay.some((one) => one.packetId === packetId)) packetId += 1;
    return packetId;
  }

  #publish({ n, packetId }: UnderWay, dup: boolean): void {
    if (dup) this.resent += 1;
    const payload = JSON.stringify({ n });
    const { topic } = this.#options;
    this.#send({ cmd: "publish", topic, payload, qos: 2, messageId: packetId, dup, retain: false });
  }

  #send(packet: Packet): void {
    this.#socket?.write(mqttPacket.generate(packet));
  }
}
