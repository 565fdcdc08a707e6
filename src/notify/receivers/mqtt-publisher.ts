/** Publishes to a broker: over the connection that is there, or over a new one. */
import type { Clock } from "../../core/clock.ts";
import type { Delivery } from "../receiver.ts";
import { type BrokerFacts, MqttConnection } from "./mqtt-connection.ts";

export class MqttPublisher {
  readonly #broker: BrokerFacts;
  readonly #clock: Clock;
  #connection: MqttConnection | undefined;

  constructor(broker: BrokerFacts, clock: Clock) {
    this.#broker = broker;
    this.#clock = clock;
  }

  /** Publishes a retained message. Never rejects; ends once the signal is aborted. */
  async publish(topic: string, payload: string, signal: AbortSignal): Promise<Delivery> {
    if (signal.aborted) return { kind: "failed", reason: "stopped before it was published" };
    let connection = this.#connection;
    if (connection === undefined || connection.ended)
      connection = new MqttConnection(this.#broker, this.#clock);
    this.#connection = connection;
    return connection.publish(topic, payload, signal);
  }
}
