import { createConnection, type Socket } from "node:net";
import mqttPacket, { type IConnackPacket, type IPublishPacket, type Packet } from "mqtt-packet";
import { onTestFinished } from "vitest";
import { type ConnectOptions, connectPacket } from "./connect-packet.ts";

type Qos = 0 | 1 | 2;

export type PeerOptions = Partial<ConnectOptions>;

/** What a delivery looks like to its subscriber, such as `t/1=on q1 retain`. */
export function seen({ topic, payload, qos, retain, dup }: IPublishPacket): string {
  return `${topic}=${payload} q${qos}${retain ? " retain" : ""}${dup ? " dup" : ""}`;
}

/**
 * One side of an MQTT 3.1.1 connection that does nothing by itself: it answers nothing that a test
 * does not answer, and gives every packet of the broker in the order in which it came.
 */
export class MqttPeer {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  readonly #came: Packet[] = [];
  #wanted: ((packet: Packet) => void) | undefined;
  #messageId = 0;

  constructor(port: number) {
    this.socket = createConnection({ port, host: "127.0.0.1", noDelay: true });
    this.socket.on("error", () => {});
    this.closed = new Promise((resolve) => this.socket.once("close", () => resolve()));
    const parser = mqttPacket.parser();
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
    this.socket.write(Buffer.concat(packets.map((packet) => mqttPacket.generate(packet))));
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
    return (await this.all()).filter(
      (packet): packet is IPublishPacket => packet.cmd === "publish",
    );
  }

  /** What `publishes` gives, in words. */
  async deliveries(): Promise<string[]> {
    return (await this.publishes()).map(seen);
  }

  /** The answer of a kind to a packet; what comes before it is an error of the test. */
  async ask(packet: Packet, answer: string): Promise<Packet> {
    this.send(packet);
    const came = await this.next();
    if (came.cmd !== answer) throw new Error(`${came.cmd} came instead of ${answer}`);
    return came;
  }

  /** Sends CONNECT; gives the CONNACK. */
  async open(options: PeerOptions) {
    const packet = await this.ask(connectPacket({ clientId: "", ...options }), "connack");
    return packet as IConnackPacket;
  }

  /** Gives the return codes of the SUBACK; what is retained comes behind it. */
  async subscribe(...subscriptions: readonly (readonly [filter: string, qos: Qos])[]) {
    this.#messageId += 1;
    const suback = await this.ask(
      {
        cmd: "subscribe",
        messageId: this.#messageId,
        subscriptions: subscriptions.map(([topic, qos]) => ({ topic, qos })),
      },
      "suback",
    );
    return suback.cmd === "suback" ? suback.granted : [];
  }

  async unsubscribe(...unsubscriptions: string[]): Promise<void> {
    this.#messageId += 1;
    await this.ask({ cmd: "unsubscribe", messageId: this.#messageId, unsubscriptions }, "unsuback");
  }

  /** Publishes, at QoS 2 to the end; the broker has handed the message on then. */
  async publish(
    topic: string,
    payload: string | Buffer,
    { qos = 1, retain = false }: { readonly qos?: Qos; readonly retain?: boolean } = {},
  ): Promise<void> {
    this.#messageId += 1;
    const messageId = this.#messageId;
    const packet: Packet = { cmd: "publish", topic, payload, qos, messageId, retain, dup: false };
    if (qos === 0) this.send(packet);
    if (qos === 1) await this.ask(packet, "puback");
    if (qos === 2) {
      await this.ask(packet, "pubrec");
      await this.ask({ cmd: "pubrel", messageId }, "pubcomp");
    }
    // The PUBACK leaves a turn before the message goes on.
    for (let turn = 0; turn < 2; turn += 1) await this.ask({ cmd: "pingreq" }, "pingresp");
  }

  /** Leaves with DISCONNECT. */
  async leave(): Promise<void> {
    this.send({ cmd: "disconnect" });
    await this.closed;
  }

  /** Is cut off. */
  async vanish(): Promise<void> {
    this.socket.destroy();
    await this.closed;
  }
}

/** A peer that was let in; it is gone when the test ends. */
export async function peer(port: number, options: PeerOptions = {}): Promise<MqttPeer> {
  const one = new MqttPeer(port);
  const { returnCode } = await one.open(options);
  if (returnCode !== 0) throw new Error(`connection refused: ${returnCode}`);
  return one;
}
