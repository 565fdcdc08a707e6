import { createConnection, type Socket } from "node:net";
import mqttPacket, { type Packet } from "mqtt-packet";
import { onTestFinished } from "vitest";
import { type ConnectOptions, connectPacket } from "./connect-packet.ts";

export interface DeviceOptions extends ConnectOptions {
  readonly port: number;
  /** The loopback address that it comes from. */
  readonly localAddress?: string;
}

export interface PublishOptions {
  readonly qos?: 0 | 1 | 2;
  readonly retain?: boolean;
  readonly dup?: boolean;
  /** Default: the next free one. */
  readonly messageId?: number;
}

/** A message that the broker sent to the device. */
export interface Delivered {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
}

/**
 * An MQTT 3.1.1 client without habits of its own: it sends what a test says, when it says so, and
 * remembers what comes back.
 */
export class MqttDevice {
  readonly socket: Socket;
  /** Packet identifiers of the PUBACKs, in the order in which they came. */
  readonly acked: number[] = [];
  readonly delivered: Delivered[] = [];
  /** Resolves when the connection is gone, whoever ended it. */
  readonly closed: Promise<void>;
  readonly #waiting = new Map<string, ((packet: Packet) => void)[]>();
  #nextId = 1;

  constructor(port: number, localAddress = "127.0.0.1") {
    this.socket = createConnection({ port, host: "127.0.0.1", noDelay: true, localAddress });
    this.closed = new Promise((resolve) => this.socket.once("close", () => resolve()));
    this.socket.on("error", () => {});
    const parser = mqttPacket.parser();
    parser.on("packet", (packet: Packet) => this.#received(packet));
    this.socket.on("data", (bytes) => parser.parse(bytes));
  }

  /** Sends CONNECT; gives the return code of the CONNACK. The device pings only when told to. */
  async open(options: ConnectOptions): Promise<number> {
    const connack = await this.#request(connectPacket(options), "connack");
    return connack.cmd === "connack" ? (connack.returnCode ?? -1) : -1;
  }

  /** Resolves at the PUBACK or PUBCOMP; with QoS 0 when it is written. Rejects when cut off. */
  async publish(
    topic: string,
    payload: string | Buffer,
    options: PublishOptions = {},
  ): Promise<void> {
    const qos = options.qos ?? 1;
    const messageId = options.messageId ?? this.#nextId++;
    const packet: Packet = {
      cmd: "publish",
      topic,
      payload,
      qos,
      messageId,
      retain: options.retain ?? false,
      dup: options.dup ?? false,
    };
    if (qos === 0) return this.write(mqttPacket.generate(packet));
    if (qos === 1) return void (await this.#request(packet, `puback ${messageId}`));
    await this.#request(packet, `pubrec ${messageId}`);
    await this.#request({ cmd: "pubrel", messageId }, `pubcomp ${messageId}`);
  }

  /** Gives the granted QoS of each filter; 128 is a refusal. */
  async subscribe(...filters: string[]): Promise<number[]> {
    const messageId = this.#nextId++;
    const subscriptions = filters.map((topic) => ({ topic, qos: 1 as const }));
    const suback = await this.#request(
      { cmd: "subscribe", messageId, subscriptions },
      `suback ${messageId}`,
    );
    return suback.cmd === "suback" ? suback.granted.map(Number) : [];
  }

  async ping(): Promise<void> {
    await this.#request({ cmd: "pingreq" }, "pingresp");
  }

  /** Writes bytes as they are. */
  write(bytes: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Leaves as MQTT wants it, with DISCONNECT. */
  async close(): Promise<void> {
    if (!this.socket.destroyed) this.socket.end(mqttPacket.generate({ cmd: "disconnect" }));
    await this.closed;
  }

  /** Vanishes, as a device without power does. */
  destroy(): void {
    this.socket.destroy();
  }

  #request(packet: Packet, answer: string): Promise<Packet> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(answer, [...(this.#waiting.get(answer) ?? []), resolve]);
      void this.closed.then(() => reject(new Error(`cut off before ${answer}`)));
      this.write(mqttPacket.generate(packet)).catch(reject);
    });
  }

  #received(packet: Packet): void {
    if (packet.cmd === "publish") {
      const { topic, payload, retain, qos, messageId = 0 } = packet;
      this.delivered.push({ topic, payload: payload.toString(), retain });
      if (qos === 1) void this.write(mqttPacket.generate({ cmd: "puback", messageId }));
      return;
    }
    if (packet.cmd === "puback") this.acked.push(packet.messageId ?? 0);
    const id =
      "messageId" in packet && packet.messageId !== undefined ? ` ${packet.messageId}` : "";
    this.#waiting.get(packet.cmd + id)?.shift()?.(packet);
  }
}

/** A device that is connected; it is gone when the test ends. Throws when it is not let in. */
export async function connect(options: DeviceOptions): Promise<MqttDevice> {
  const device = new MqttDevice(options.port, options.localAddress);
  onTestFinished(() => device.destroy());
  const returnCode = await device.open(options);
  if (returnCode !== 0) throw new Error(`connection refused: ${returnCode}`);
  return device;
}
