import { createServer, type Socket } from "node:net";
import mqttPacket, { type IConnectPacket, type ISubscribePacket, type Packet } from "mqtt-packet";

/** What a client of the played broker sent. */
export type Sent<C extends Packet["cmd"]> = Extract<Packet, { cmd: C }>;

/** A connection to the played broker, which answers only what a test answers. */
export class PlayedConnection {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  /** Packets of the client that nobody asked for yet; without its pings, which are answered. */
  readonly came: Packet[] = [];
  level: 4 | 5 = 4;
  #wanted: (() => void) | undefined;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on("error", () => {});
    this.closed = new Promise((resolve) => socket.once("close", () => resolve()));
    const parser = mqttPacket.parser();
    parser.on("packet", (packet: Packet) => {
      if (packet.cmd === "connect") this.level = packet.protocolVersion === 5 ? 5 : 4;
      if (packet.cmd === "pingreq") return this.send({ cmd: "pingresp" });
      this.came.push(packet);
      this.#wanted?.();
    });
    socket.on("data", (bytes) => parser.parse(bytes));
  }

  send(...packets: Packet[]): void {
    const frames = packets.map((packet) =>
      mqttPacket.generate(packet, { protocolVersion: this.level }),
    );
    this.socket.write(Buffer.concat(frames));
  }

  /** The next packet, which must be of this kind. */
  async next<C extends Packet["cmd"]>(cmd: C): Promise<Sent<C>> {
    while (this.came.length === 0)
      await new Promise<void>((resolve) => {
        this.#wanted = resolve;
      });
    const packet = this.came.shift();
    if (packet?.cmd !== cmd) throw new Error(`${packet?.cmd} came instead of ${cmd}`);
    return packet as Sent<C>;
  }

  /** Lets the client in; gives its CONNECT. */
  async admit({ sessionPresent = false, ...more }: Record<string, unknown> = {}) {
    const connect: IConnectPacket = await this.next("connect");
    this.send({
      cmd: "connack",
      sessionPresent: sessionPresent === true,
      ...(this.level === 5 ? { reasonCode: 0 } : { returnCode: 0 }),
      ...more,
    });
    return connect;
  }

  /** Lets the client in and grants what it asks for; gives its SUBSCRIBE. */
  async welcome(): Promise<ISubscribePacket> {
    await this.admit();
    const subscribe = await this.next("subscribe");
    this.send({
      cmd: "suback",
      messageId: subscribe.messageId ?? 0,
      granted: subscribe.subscriptions.map(({ qos }) => qos),
    });
    return subscribe;
  }

  /** A PUBLISH of QoS 1. */
  publish(
    messageId: number,
    payload: string,
    more: { dup?: boolean; retain?: boolean; topic?: string; properties?: object } = {},
  ): void {
    const { dup = false, retain = false, topic = "t/1", ...rest } = more;
    this.send({ cmd: "publish", topic, payload, qos: 1, messageId, dup, retain, ...rest });
  }

  /** The numbers of the next PUBACKs. */
  async acked(count: number): Promise<number[]> {
    const ids: number[] = [];
    while (ids.length < count) ids.push((await this.next("puback")).messageId ?? 0);
    return ids;
  }
}

/** A broker whose words a test says. */
export class PlayedBroker {
  readonly #server = createServer((socket) => {
    const connection = new PlayedConnection(socket);
    const wanted = this.#wanted.shift();
    if (wanted) wanted(connection);
    else this.#came.push(connection);
  });
  readonly #came: PlayedConnection[] = [];
  readonly #wanted: ((connection: PlayedConnection) => void)[] = [];
  port = 0;

  async open(): Promise<this> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, "127.0.0.1", resolve);
    });
    const address = this.#server.address();
    this.port = typeof address === "object" && address !== null ? address.port : 0;
    this.#server.unref();
    return this;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  /** The next client that connects. */
  next(): Promise<PlayedConnection> {
    const connection = this.#came.shift();
    if (connection) return Promise.resolve(connection);
    return new Promise((resolve) => this.#wanted.push(resolve));
  }

  close(): void {
    this.#server.close();
    for (const { socket } of this.#came) socket.destroy();
  }
}
