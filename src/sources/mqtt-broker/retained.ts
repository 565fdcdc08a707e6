/**
 * The last message of each topic that was published to be retained (MQTT 3.1.1 §3.3.1.3), within a
 * bound in bytes.
 */
import { matchesTopic } from "../../core/topic-filter.ts";
import type { OutboundMessage } from "./outbound-message.ts";

export const maxRetainedBytes = 16 * 2 ** 20;
/** Topics looked at before a search rests. */
const topicsPerTurn = 500;

export class Retained {
  readonly #messages = new Map<string, OutboundMessage>();
  #bytes = 0;

  /**
   * Keeps a message in the place of the one before; an empty one takes that away. False when there
   * is no room: then nothing is kept of the topic, since the one before is not true any more.
   */
  keep(message: OutboundMessage): boolean {
    const { topic } = message;
    this.#bytes -= this.#messages.get(topic)?.costBytes ?? 0;
    const fits = this.#bytes + message.costBytes <= maxRetainedBytes;
    if (message.payloadBytes === 0 || !fits) {
      this.#messages.delete(topic);
      return message.payloadBytes === 0;
    }
    message.keep();
    this.#messages.set(topic, message);
    this.#bytes += message.costBytes;
    return true;
  }

  /** What a filter brings, as it is when it is asked for; undefined where the search is to rest. */
  *matching(filter: string): Generator<OutboundMessage | undefined, undefined> {
    if (!/[+#]/.test(filter)) {
      const message = this.#messages.get(filter);
      if (message !== undefined) yield message;
      return;
    }
    let seen = 0;
    for (const [topic, message] of this.#messages) {
      if (matchesTopic(filter, topic)) yield message;
      seen += 1;
      if (seen % topicsPerTurn === 0) yield undefined;
    }
  }
}
