/** Keeps the broker's retained messages within bounds; what is too much flows, but is not kept. */

const maxTopics = 10_000;
const maxBytes = 16 * 2 ** 20;

export class RetainedBound {
  readonly #bytesOf = new Map<string, number>();
  #bytes = 0;

  /** True when the payload may be kept for the topic; an empty one clears it (MQTT 3.1.1 §3.3.1.3). */
  admit(topic: string, payloadBytes: number): boolean {
    const before = this.#bytesOf.get(topic);
    const bytes = this.#bytes - (before ?? 0);
    if (payloadBytes === 0) {
      this.#bytesOf.delete(topic);
      this.#bytes = bytes;
      return true;
    }
    if (before === undefined && this.#bytesOf.size >= maxTopics) return false;
    if (bytes + payloadBytes > maxBytes) return false;
    this.#bytesOf.set(topic, payloadBytes);
    this.#bytes = bytes + payloadBytes;
    return true;
  }
}
