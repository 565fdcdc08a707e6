/** The way of one message from its client to the sink. */
import { isUtf8 } from "node:buffer";
import type { EpochMs } from "../../core/clock.ts";
import { toSeq } from "../../core/ids.ts";
import type { MessageAttributes, MessageSink } from "../../core/message.ts";
import type { Receipt } from "../../core/receipt.ts";
import { contentHash } from "../content-hash.ts";
import { isBridgeNotice } from "./bridge-notice.ts";
import type { BrokerMetrics } from "./broker-metrics.ts";
import type { Connection } from "./connection.ts";
import { mostLevels } from "./frame-check.ts";
import type { Gatekeeper } from "./gatekeeper.ts";
import { bytesOf, type InboundPacket } from "./inbound-packet.ts";
import type { OpenDelivery } from "./open-delivery.ts";
import { PacketAttributes, withDelivery, withProperties } from "./packet-attributes.ts";
import { type MessageRefusal, messageLimits } from "./reasons.ts";
import type { Refusals } from "./refusals.ts";
import type { UnansweredSession } from "./unanswered-messages.ts";
import { answer, answerTo } from "./v5/answers.ts";
import { reasonCode } from "./v5/reason-codes.ts";

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
   * Gives a message to the sink before it returns. Its answer follows when it is on disk. What is
   * refused closes the connection; a client of version 5 is told, and goes on.
   */
  publish(connection: Connection, packet: InboundPacket): void {
    if (connection.gone) return;
    const refusal = this.#refusalOf(connection, packet) ?? this.#accept(connection, packet);
    if (refusal !== undefined) {
      this.#refuse(refusal, connection, packet);
      if (connection.version5 === undefined) {
        connection.socket.destroy(new Error(refusal));
        return;
      }
    }
    connection.readOn();
  }

  /**
   * Gives a message of QoS 2 to the sink before it returns. `release` lets the package go on with it
   * when it is on disk. With an error it closes the connection.
   */
  takeOnce(
    connection: Connection,
    packet: InboundPacket,
    release: (error?: Error | null) => void,
  ): void {
    const refusal =
      this.#refusalOf(connection, packet) ?? this.#giveOnce(connection, packet, release);
    if (refusal === undefined) return;
    this.#refuse(refusal, connection, packet);
    release(new Error(refusal));
  }

  /** The same for a will. */
  takeWill(
    connection: Connection,
    will: InboundPacket,
    release: (error?: Error | null) => void,
  ): void {
    const refusal = this.#refusalOf(connection, will);
    if (refusal !== undefined) {
      this.#refuse(refusal, connection, will);
      release(new Error(refusal));
      return;
    }
    const receipt = isBridgeNotice(will.topic)
      ? nothing
      : this.#give(connection, will, withProperties(ofWills, will));
    connection.lane.add(release, sizeOf(will), receipt);
  }

  /** The message that was open already when the packet came. */
  resendOf(packet: object): OpenDelivery | undefined {
    return this.#resends.get(packet);
  }

  /** To be called when the broker has answered a packet. */
  answered(packet: object): void {
    this.#firsts.get(packet)?.answer();
  }

  /** Of a message that the package does not handle: QoS 0 and 1, and QoS 2 of version 5. */
  #accept(connection: Connection, packet: InboundPacket): MessageRefusal | undefined {
    if (packet.qos === 2) {
      return this.#giveOnce(connection, packet, () => this.#received(connection, packet));
    }
    const isNotice = isBridgeNotice(packet.topic);
    const { unanswered } = connection.deliveries;
    if (packet.qos === 1 && unanswered !== undefined && !isNotice) {
      this.#giveNamed(connection, packet, unanswered);
      return undefined;
    }
    const receipt = isNotice
      ? nothing
      : this.#give(connection, packet, this.#attributes.of(connection, packet));
    if (packet.qos === 0) this.#deps.deliver(packet, connection);
    connection.lane.add(packet.qos === 0 ? undefined : packet, sizeOf(packet), receipt);
    return undefined;
  }

  /** Of QoS 1 in a kept session: what comes again and is stored, or about to be, is answered only. */
  #giveNamed(connection: Connection, packet: InboundPacket, unanswered: UnansweredSession): void {
    const { isAgain = false, messageId = 0, topic } = packet;
    const said = this.#attributes.of(connection, packet);
    const met = unanswered.meet(messageId, contentHash(topic, bytesOf(packet)), isAgain);
    if (met.known !== undefined) {
      const { known } = met;
      this.#deps.metrics.resends.add();
      const answerIt = (): void => {
        if (connection.acknowledge(messageId)) unanswered.answered(known);
      };
      connection.lane.add(answerIt, sizeOf(packet), known.receipt);
      return;
    }
    const { delivery, torn } = met;
    packet.delivery = delivery;
    const receipt = this.#give(connection, packet, withDelivery(said, delivery, torn));
    connection.lane.add(packet, sizeOf(packet), receipt);
  }

  /** A message of QoS 2 of version 5 is on disk: its PUBREC, which for a resend is not the first. */
  #received(connection: Connection, packet: InboundPacket): void {
    const { messageId = 0 } = packet;
    const pubrec = answer(answerTo.pubrec, messageId, reasonCode.success);
    const repeated = this.#resends.get(packet);
    if (repeated !== undefined) {
      void repeated.whenAnswered().then(() => connection.write(pubrec));
      return;
    }
    this.#deps.deliver(packet, connection);
    connection.answer(pubrec);
    this.answered(packet);
  }

  /** A message that is open goes no further; it is answered in its turn when the first is on disk. */
  #giveOnce(
    connection: Connection,
    packet: InboundPacket,
    release: () => void,
  ): MessageRefusal | undefined {
    const { deliveries, lane } = connection;
    const { messageId = 0, topic } = packet;
    if (isBridgeNotice(topic)) {
      lane.add(release, sizeOf(packet), nothing);
      return undefined;
    }
    const hash = contentHash(topic, bytesOf(packet));
    const said = this.#attributes.of(connection, packet);
    const known = deliveries.find(messageId, hash);
    if (known !== undefined) {
      this.#resends.set(packet, known);
      this.#deps.metrics.resends.add();
      lane.add(release, sizeOf(packet), known.receipt ?? nothing);
      return undefined;
    }
    const opens = deliveries.begin(messageId, hash);
    if (opens === undefined) return "too-many-open";
    this.#firsts.set(packet, opens);
    const { kept, packetId, session, torn } = opens;
    const delivery = { session, packetId, hash };
    const attributes = kept ? withDelivery(said, delivery, torn) : said;
    opens.receipt = this.#give(connection, packet, attributes);
    lane.add(release, sizeOf(packet), opens.receipt);
    return undefined;
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
  #refusalOf(connection: Connection, packet: InboundPacket): MessageRefusal | undefined {
    const { properties5, topic } = packet;
    if (isBridgeNotice(topic)) return undefined;
    const refusal = this.#deps.gatekeeper.publish(connection, topic);
    if (refusal !== undefined || connection.version5 === undefined) return refusal;
    if (hasManyLevels(topic)) return "deep-topic";
    return properties5?.isText && !isUtf8(bytesOf(packet)) ? "not-text" : undefined;
  }

  /** Who speaks MQTT 3.1.1 can only be closed, and is shut out so that it does not go round. */
  #refuse(reason: MessageRefusal, connection: Connection, packet: InboundPacket): void {
    const { gatekeeper, refusals } = this.#deps;
    const { version5 } = connection;
    const bytes = bytesOf(packet).length;
    const facts = { packet: "PUBLISH", topic: packet.topic, bytes, ...messageLimits[reason] };
    const { who } = connection;
    if (version5 === undefined) {
      gatekeeper.strike(connection);
      connection.refused();
    } else if (packet.qos !== 0) {
      version5.window.close(packet.qos, packet.messageId ?? 0);
      connection.lane.add(version5.answerNo(packet, reason), sizeOf(packet), nothing);
    }
    refusals.note(version5 === undefined ? "publish" : "message", reason, { ...who, ...facts });
  }
}

function hasManyLevels(topic: string): boolean {
  let levels = 1;
  for (let at = topic.indexOf("/"); at >= 0; at = topic.indexOf("/", at + 1)) levels += 1;
  return levels > mostLevels;
}

function sizeOf({ payload, topic }: InboundPacket): number {
  return topic.length + payload.length;
}
