/** The way of one message from the broker to the sink. */
import type { EpochMs } from "../../core/clock.ts";
import type { Logger } from "../../core/logger.ts";
import type { MessageSink } from "../../core/message.ts";
import type { BrokerMetrics } from "./broker-metrics.ts";
import type { Connection } from "./connection.ts";
import type { Gatekeeper } from "./gatekeeper.ts";
import type { RetainedBound } from "./retained.ts";

/** A publish of a client as the broker hands it over; a will has the same form. */
export interface InboundPacket {
  readonly topic: string;
  payload: Buffer | string;
  readonly qos: 0 | 1 | 2;
  retain: boolean;
}

export interface IngestDeps {
  readonly sink: MessageSink;
  readonly nowMs: () => EpochMs;
  readonly logger: Logger;
  readonly metrics: BrokerMetrics;
  readonly gatekeeper: Gatekeeper;
  readonly retained: RetainedBound;
}

export class Ingest {
  readonly #deps: IngestDeps;

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
    const { gatekeeper, metrics, nowMs, sink } = this.#deps;
    const refusal = gatekeeper.publish(connection, packet.topic);
    if (refusal !== undefined) {
      this.#refuse(refusal, connection, packet.topic);
      release(new Error(refusal));
      return;
    }
    if (packet.retain) this.#retain(packet);
    const payload =
      typeof packet.payload === "string" ? Buffer.from(packet.payload) : packet.payload;
    const waits = isWill || packet.qos > 0;
    metrics.messages.add();
    sink.message(
      connection.lane.add(
        connection,
        packet.topic,
        payload,
        nowMs(),
        isWill,
        waits ? release : undefined,
      ),
    );
    if (!waits) release();
  }

  #refuse(reason: string, connection: Connection, topic: string): void {
    const { gatekeeper, logger, metrics } = this.#deps;
    metrics.publishesRefused.add(1, { reason });
    if (!gatekeeper.strike(connection)) return;
    const { address, client, user } = connection;
    logger.warn("refused a publish and closed the connection", {
      reason,
      topic,
      client,
      user: user?.name,
      address,
    });
  }

  #retain(packet: InboundPacket): void {
    packet.retain = this.#deps.retained.admit(packet.topic, packet.payload.length);
    if (!packet.retain) this.#deps.metrics.retainedRefused.add();
    // A copy, since the payload is a part of a read buffer that may be many times its size.
    else packet.payload = Buffer.from(packet.payload);
  }
}
