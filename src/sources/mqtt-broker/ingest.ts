/** The way of one message from its client to the sink. */
import type { EpochMs } from "../../core/clock.ts";
import { toSeq } from "../../core/ids.ts";
import type { MessageAttributes, MessageSink } from "../../core/message.ts";
import type { Receipt } from "../../core/receipt.ts";
import type { RefusalFacts } from "../../core/refusal.ts";
import { contentHash } from "../content-hash.ts";
import { isBridgeNotice } from "./bridge-notice.ts";
import type { BrokerMetrics } from "./broker-metrics.ts";
import type { Connection } from "./connection.ts";
import { mostPerSession } from "./delivery-session.ts";
import type { Gatekeeper, TopicRefusal } from "./gatekeeper.ts";
import { bytesOf, type InboundPacket } from "./inbound-packet.ts";
import type { OpenDelivery } from "./open-delivery.ts";
import { PacketAttributes } from "./packet-attributes.ts";
import type { Refusals } from "./refusals.ts";

export interface IngestDeps {
  readonly sink: MessageSink;
  readonly nowMs: () => EpochMs;
  readonly metrics: BrokerMetrics;
  readonly gatekeeper: Gatekeeper;
  readonly refusals: Refusals;
  readonly maxPacketBytes: number;
  /** Hands a message on to subscribers. */
  deliver(packet: InboundPacket, from: Connection): void;
}

/** Which limit a publish was refused for. */
const limits: Readonly<Record<TopicRefusal | "too-many-open", RefusalFacts>> = {
  "not-let-in": { limit: "nothing before the CONNACK" },
  "system-topic": { limit: "no topic that begins with $" },
  "foreign-topic": { limit: "publish of the user" },
  "too-many-open": { limit: "open QoS 2 messages of a session", atMost: mostPerSession },
};

const ofWills: MessageAttributes = { will: true };
/** What has no record waits for nothing but its turn. */
const nothing = toSeq(0);

export class Ingest {
  readonly #deps: IngestDeps;
  readonly #attributes: PacketAttributes;
  /** Packets of the broker that open a message, and those that repeat an open one. */
  readonly #firsts = new WeakMap<object, OpenDelivery>();
  readonly #resends = new WeakMap<object, OpenDelivery>();

  constructor(deps: IngestDeps) {
    this.#deps = deps;
    this.#attributes = new PacketAttributes(deps);
  }

  /**
   * Gives a message of QoS 0 or 1 to the sink before it returns. With QoS 1 its PUBACK follows when
   * it is on disk; what is refused closes the connection.
   */
  publish(connection: Connection, packet: InboundPacket): void {
    if (connection.gone) return;
    const refusal = this.#refusalOf(connection, packet);
    if (refusal !== undefined) {
      this.#refuse(refusal, connection, packet);
      connection.socket.destroy(new Error(refusal));
      return;
    }
    const receipt = isBridgeNotice(packet.topic)
      ? nothing
      : this.#give(connection, packet, this.#attributes.of(connection, packet));
    if (packet.qos === 0) this.#deps.deliver(packet, connection);
    connection.lane.add(packet.qos === 0 ? undefined : packet, sizeOf(packet), receipt);
    connection.readOn();
  }

  /**
   * Gives a will to the sink before it returns, or a message of QoS 2. `release` lets the package go
   * on with it when it is on disk. With an error it closes the connection.
   */
  take(
    connection: Connection,
    packet: InboundPacket,
    isWill: boolean,
    release: (error?: Error | null) => void,
  ): void {
    const refusal = this.#refusalOf(connection, packet);
    if (refusal !== undefined) {
      this.#refuse(refusal, connection, packet);
      release(new Error(refusal));
    } else if (isBridgeNotice(packet.topic)) {
      connection.lane.add(release, sizeOf(packet), nothing);
    } else if (isWill) {
      const receipt = this.#give(connection, packet, ofWills);
      connection.lane.add(release, sizeOf(packet), receipt);
    } else {
      this.#takeOnce(connection, packet, release);
    }
  }

  /** The message that was open already when the packet came. */
  resendOf(packet: object): OpenDelivery | undefined {
    return this.#resends.get(packet);
  }

  /** To be called when the broker has answered a packet. */
  answered(packet: object): void {
    this.#firsts.get(packet)?.answer();
  }

  /** A message that is open goes no further; it is answered in its turn when the first is on disk. */
  #takeOnce(
    connection: Connection,
    packet: InboundPacket,
    release: (error?: Error | null) => void,
  ): void {
    const { deliveries, lane } = connection;
    const { messageId = 0, topic } = packet;
    const hash = contentHash(topic, bytesOf(packet));
    const said = this.#attributes.of(connection, packet);
    const known = deliveries.find(messageId, hash);
    if (known !== undefined) {
      this.#resends.set(packet, known);
      this.#deps.metrics.resends.add();
      lane.add(release, sizeOf(packet), known.receipt ?? nothing);
      return;
    }
    const opens = deliveries.begin(messageId, hash);
    if (opens === undefined) {
      this.#refuse("too-many-open", connection, packet);
      release(new Error("too-many-open"));
      return;
    }
    this.#firsts.set(packet, opens);
    const { kept, packetId, session } = opens;
    const attributes = kept ? { ...said, delivery: { session, packetId, hash } } : said;
    opens.receipt = this.#give(connection, packet, attributes);
    lane.add(release, sizeOf(packet), opens.receipt);
  }

  #give(
    { client, device, source }: Connection,
    packet: InboundPacket,
    attributes: MessageAttributes,
  ): Receipt {
    const { nowMs, sink } = this.#deps;
    const payload = bytesOf(packet);
    const receivedMs = nowMs();
    return sink.message({
      source,
      address: packet.topic,
      payload,
      receivedMs,
      client,
      device,
      attributes,
    });
  }

  /** What a bridge says of itself is neither stored nor handed on, and refused to nobody. */
  #refusalOf(connection: Connection, { topic }: InboundPacket): TopicRefusal | undefined {
    return isBridgeNotice(topic) ? undefined : this.#deps.gatekeeper.publish(connection, topic);
  }

  #refuse(reason: keyof typeof limits, connection: Connection, packet: InboundPacket): void {
    const { gatekeeper, refusals } = this.#deps;
    const bytes = bytesOf(packet).length;
    const facts = { packet: "PUBLISH", topic: packet.topic, bytes, ...limits[reason] };
    gatekeeper.strike(connection);
    connection.refused();
    refusals.note("publish", reason, { ...connection.who, ...facts });
  }
}

function sizeOf({ payload, topic }: InboundPacket): number {
  return topic.length + payload.length;
}
