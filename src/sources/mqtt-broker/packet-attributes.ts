/** What the sink is told of a message beside its topic and payload. */
import type { EpochMs } from "../../core/clock.ts";
import { type MessageAttributes, noAttributes } from "../../core/message.ts";
import type { Delivery } from "../../core/record.ts";
import { BridgeTopics, BridgeTopicsBudget } from "./bridge-topics.ts";
import type { Connection } from "./connection.ts";
import type { InboundPacket } from "./inbound-packet.ts";
import type { Refusals } from "./refusals.ts";
import type { TornDelivery } from "./torn-deliveries.ts";

const ofQos0: MessageAttributes = { unanswered: true };
/** Of what a bridge sends to be retained. */
const either: MessageAttributes = { relay: "either" };
const eitherQos0: MessageAttributes = { relay: "either", unanswered: true };
const live: MessageAttributes = { relay: "live" };
const liveQos0: MessageAttributes = { relay: "live", unanswered: true };

export interface PacketAttributesDeps {
  readonly maxPacketBytes: number;
  readonly nowMs: () => EpochMs;
  readonly refusals: Refusals;
}

export class PacketAttributes {
  readonly #deps: PacketAttributesDeps;
  readonly #budget = new BridgeTopicsBudget();
  readonly #bridges = new WeakMap<Connection, BridgeTopics>();

  constructor(deps: PacketAttributesDeps) {
    this.#deps = deps;
  }

  /** To be asked once for each message, in the order of arrival. */
  of(connection: Connection, packet: InboundPacket): MessageAttributes {
    return withProperties(this.#said(connection, packet), packet);
  }

  #said(connection: Connection, packet: InboundPacket): MessageAttributes {
    const large = connection.large.take(packet);
    if (large !== undefined) return this.#cut(connection, packet, large.bytes);
    const isAnswered = packet.qos !== 0;
    if (!packet.retain || !connection.introduction.isBridge)
      return isAnswered ? noAttributes : ofQos0;
    const topics = this.#bridges.get(connection) ?? this.#begin(connection);
    if (topics.mayBeKept(packet.topic, this.#deps.nowMs())) return isAnswered ? either : eitherQos0;
    return isAnswered ? live : liveQos0;
  }

  #begin(connection: Connection): BridgeTopics {
    const topics = new BridgeTopics(this.#budget);
    this.#bridges.set(connection, topics);
    connection.socket.once("close", () => topics.end());
    return topics;
  }

  #cut(connection: Connection, packet: InboundPacket, bytes: number): MessageAttributes {
    packet.isCut = true;
    const { maxPacketBytes: atMost, refusals } = this.#deps;
    const limit = "max_packet";
    const facts = { packet: "PUBLISH", topic: packet.topic, bytes, limit, atMost };
    refusals.note("large", "too-large", { ...connection.who, ...facts });
    return { cut: { bytes, limit, atMost }, ...(packet.qos === 0 && ofQos0) };
  }
}

/** With what an MQTT 5 publisher added. */
export function withProperties(
  attributes: MessageAttributes,
  { properties5 }: InboundPacket,
): MessageAttributes {
  const properties = properties5?.kept;
  return properties === undefined ? attributes : { ...attributes, properties };
}

/** With the name that it is known by when it comes again; `torn`: what is stored of it already. */
export function withDelivery(
  said: MessageAttributes,
  delivery: Delivery,
  torn: TornDelivery | undefined,
): MessageAttributes {
  if (torn !== undefined) return { ...said, delivery, stored: torn.parts };
  return said === noAttributes ? { delivery } : { ...said, delivery };
}
