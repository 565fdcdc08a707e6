/** The way of one message from the broker to the sink. */
import type { EpochMs } from "../../core/clock.ts";
import type { MessageSink } from "../../core/message.ts";
import type { RefusalFacts } from "../../core/refusal.ts";
import { isBridgeNotice } from "./bridge-notice.ts";
import type { BrokerMetrics } from "./broker-metrics.ts";
import type { Connection } from "./connection.ts";
import { mostPerSession } from "./deliveries.ts";
import { contentHash } from "./delivery-key.ts";
import type { Gatekeeper, TopicRefusal } from "./gatekeeper.ts";
import type { OpenDelivery } from "./open-delivery.ts";
import type { Refusals } from "./refusals.ts";

/** A publish of a client as the broker hands it over; a will has the same form. */
export interface InboundPacket {
  readonly topic: string;
  readonly payload: Buffer | string;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  readonly messageId?: number | undefined;
}

export interface IngestDeps {
  readonly sink: MessageSink;
  readonly nowMs: () => EpochMs;
  readonly metrics: BrokerMetrics;
  readonly gatekeeper: Gatekeeper;
  readonly refusals: Refusals;
}

/** Which limit a publish was refused for. */
const limits: Readonly<Record<TopicRefusal | "too-many-open", RefusalFacts>> = {
  "not-let-in": { limit: "nothing before the CONNACK" },
  "system-topic": { limit: "no topic that begins with $" },
  "foreign-topic": { limit: "publish of the user" },
  "too-many-open": { limit: "open QoS 2 messages of a session", atMost: mostPerSession },
};

export class Ingest {
  readonly #deps: IngestDeps;
  /** Packets of the broker that open a message, and those that repeat an open one. */
  readonly #firsts = new WeakMap<object, OpenDelivery>();
  readonly #resends = new WeakMap<object, OpenDelivery>();

  constructor(deps: IngestDeps) {
    this.#deps = deps;
  }

  /**
   * Gives the message to the sink before it returns. `release` lets the broker go on with it: at
   * once where nobody waits for an acknowledgment, otherwise when it is on disk. With an error it
   * closes the connection.
   */
  take(
    connection: Connection,
    packet: InboundPacket,
    isWill: boolean,
    release: (error?: Error | null) => void,
  ): void {
    const { gatekeeper } = this.#deps;
    if (isBridgeNotice(packet.topic)) {
      this.#ignore(connection, packet, release);
      return;
    }
    const refusal = gatekeeper.publish(connection, packet.topic);
    if (refusal !== undefined) {
      this.#refuse(refusal, connection, packet);
      release(new Error(refusal));
      return;
    }
    if (packet.qos === 2 && !isWill) {
      this.#takeOnce(connection, packet, release);
      return;
    }
    const waits = isWill || packet.qos > 0;
    this.#pass(connection, packet, isWill, waits ? release : undefined);
    if (!waits) release();
  }

  /** The message that was open already when the packet came. */
  resendOf(packet: object): OpenDelivery | undefined {
    return this.#resends.get(packet);
  }

  /** To be called when the broker has answered a packet. */
  answered(packet: object): void {
    this.#firsts.get(packet)?.answer();
  }

  /** Answers in its turn what goes nowhere. */
  #ignore(connection: Connection, packet: InboundPacket, release: () => void): void {
    const { topic } = packet;
    const receivedMs = this.#deps.nowMs();
    const payload = bytesOf(packet);
    const entry = { topic, payload, receivedMs, will: false, whenAcked: release };
    connection.lane.add(connection, entry).ack();
  }

  /** A message that is open goes no further; it is answered in its turn when the first is on disk. */
  #takeOnce(
    connection: Connection,
    packet: InboundPacket,
    release: (error?: Error | null) => void,
  ): void {
    const { deliveries, lane } = connection;
    const { messageId = 0, topic } = packet;
    const payload = bytesOf(packet);
    const hash = contentHash(topic, payload);
    const known = deliveries.find(messageId, hash);
    if (known !== undefined) {
      this.#resends.set(packet, known);
      this.#deps.metrics.resends.add();
      const receivedMs = this.#deps.nowMs();
      const again = lane.add(connection, {
        topic,
        payload,
        receivedMs,
        will: false,
        whenAcked: release,
      });
      known.whenStored(() => again.ack());
      return;
    }
    const opens = deliveries.begin(messageId, hash);
    if (opens === undefined) {
      this.#refuse("too-many-open", connection, packet);
      release(new Error("too-many-open"));
      return;
    }
    this.#firsts.set(packet, opens);
    this.#pass(connection, packet, false, release, opens);
  }

  #pass(
    connection: Connection,
    packet: InboundPacket,
    will: boolean,
    whenAcked: (() => void) | undefined,
    opens?: OpenDelivery,
  ): void {
    const { nowMs, sink } = this.#deps;
    const { topic } = packet;
    const payload = bytesOf(packet);
    const receivedMs = nowMs();
    sink.message(
      connection.lane.add(connection, { topic, payload, receivedMs, will, opens, whenAcked }),
    );
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

function bytesOf({ payload }: InboundPacket): Uint8Array {
  return typeof payload === "string" ? Buffer.from(payload) : payload;
}
