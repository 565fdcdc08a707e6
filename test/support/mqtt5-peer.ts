import { createConnection, type Socket } from "node:net";
import mqttPacket, {
  type IConnackPacket,
  type IConnectPacket,
  type IDisconnectPacket,
  type IPublishPacket,
  type ISubscription,
  type Packet,
} from "mqtt-packet";
import { onTestFinished } from "vitest";

const version = { protocolVersion: 5 } as const;

export type Connect5Options = Partial<Omit<IConnectPacket, "cmd" | "protocolVersion">>;

/**
 * One side of an MQTT 5 connection that does nothing by itself: it answers nothing that a test does
 * not answer, and gives every packet of the broker in the order in which it came.
 */
export class Mqtt5Peer {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  readonly #came: Packet[] = [];
  #wanted: ((packet: Packet) => void) | undefined;

  constructor(port: number) {
    this.socket = createConnection({ port, host: "127.0.0.1", noDelay: true });
    this.socket.on("error", () => {});
    this.closed = new Promise((resolve) => this.socket.once("close", () => resolve()));
    const parser = mqttPacket.parser(version);
    parser.on("packet", (packet: Packet) => {
      const wanted = this.#wanted;
      this.#wanted = undefined;
      if (wanted === undefined) this.#came.push(packet);
      else wanted(packet);
    });
    this.socket.on("data", (bytes) => parser.parse(bytes));
    onTestFinished(() => void this.socket.destroy());
  }

  send(...packets: Packet[]): void {
    this.socket.write(Buffer.concat(packets.map((packet) => mqttPacket.generate(packet, version))));
  }

  /** The next packet; rejects when the connection is gone. */
  next(): Promise<Packet> {
    const packet = this.#came.shift();
    if (packet !== undefined) return Promise.resolve(packet);
    return new Promise((resolve, reject) => {
      this.#wanted = resolve;
      void this.closed.then(() => reject(new Error("the broker closed the connection")));
    });
  }

  async ask<P extends Packet>(packet: Packet, answer: P["cmd"]): Promise<P> {
    this.send(packet);
    return this.expect<P>(answer);
  }

  /** The next packet, which has to be one of a kind. */
  async expect<P extends Packet>(kind: P["cmd"]): Promise<P> {
    const came = await this.next();
    if (came.cmd !== kind) throw new Error(`${came.cmd} came instead of ${kind}`);
    return came as P;
  }

  /** Sends CONNECT; gives the CONNACK. */
  open(options: Connect5Options = {}): Promise<IConnackPacket> {
    const { clientId = "", clean = true, keepalive = 0, ...others } = options;
    const connect = { cmd: "connect", clientId, clean, keepalive, ...version, ...others } as const;
    return this.ask<IConnackPacket>(connect, "connack");
  }

  publish(topic: string, more: Partial<IPublishPacket> = {}): void {
    const { payload = "x", qos = 0, retain = false, dup = false } = more;
    this.send({ ...more, cmd: "publish", topic, payload, qos, retain, dup });
  }

  /** Gives the codes of the SUBACK. */
  async subscribe(subscriptions: ISubscription[], identifier?: number): Promise<readonly number[]> {
    const properties = identifier === undefined ? {} : { subscriptionIdentifier: identifier };
    const suback = await this.ask(
      { cmd: "subscribe", messageId: 1, subscriptions, properties },
      "suback",
    );
    return suback.cmd === "suback" ? suback.granted.map(Number) : [];
  }

  /** The next packets, so many; a ping may be answered before a message is. */
  async take(count: number): Promise<Packet[]> {
    const packets: Packet[] = [];
    while (packets.length < count) packets.push(await this.next());
    return packets;
  }

  /** Everything that came before the broker's answer to a ping. */
  async all(): Promise<Packet[]> {
    this.send({ cmd: "pingreq" });
    const packets: Packet[] = [];
    for (;;) {
      const packet = await this.next();
      if (packet.cmd === "pingresp") return packets;
      packets.push(packet);
    }
  }

  /** The deliveries that are there now, unanswered. */
  async publishes(): Promise<IPublishPacket[]> {
    return (await this.all()).filter((one): one is IPublishPacket => one.cmd === "publish");
  }

  /** Why the broker ends the connection, and the words that it has for it. */
  async ended(): Promise<[code: number | undefined, text: string | undefined]> {
    const { properties, reasonCode } = await this.expect<IDisconnectPacket>("disconnect");
    await this.closed;
    return [reasonCode, properties?.reasonString];
  }
}

/** A peer that was let in; it is gone when the test ends. */
export async function peer5(port: number, options: Connect5Options = {}): Promise<Mqtt5Peer> {
  const one = new Mqtt5Peer(port);
  const { reasonCode } = await one.open(options);
  if (reasonCode !== 0) throw new Error(`connection refused: ${reasonCode}`);
  return one;
}
