/**
 * Which topics a bridge has sent a message of to be retained, since it connected. The first of each
 * may be what its broker had kept: a bridge sends that again at each connection, and Mosquitto's sends
 * some of it twice.
 */
import type { EpochMs } from "../../core/clock.ts";
import { hash53 } from "../../core/hash53.ts";

/** Topics of all bridges together; what comes beyond counts as said now. */
const mostTopics = 262_144;
/** So long after the first one another may be the same. */
const againMs = 10_000;
const encoder = new TextEncoder();

/** The bound over the bridges of one broker. */
export class BridgeTopicsBudget {
  #used = 0;

  take(): boolean {
    if (this.#used >= mostTopics) return false;
    this.#used += 1;
    return true;
  }

  giveBack(topics: number): void {
    this.#used -= topics;
  }
}

export class BridgeTopics {
  readonly #budget: BridgeTopicsBudget;
  /** When the first message of each came. */
  readonly #topics = new Map<number, EpochMs>();

  constructor(budget: BridgeTopicsBudget) {
    this.#budget = budget;
  }

  /** True for what may have been kept. */
  mayBeKept(topic: string, nowMs: EpochMs): boolean {
    const key = hash53(encoder.encode(topic));
    const firstMs = this.#topics.get(key);
    if (firstMs !== undefined) return nowMs - firstMs < againMs;
    if (!this.#budget.take()) return false;
    this.#topics.set(key, nowMs);
    return true;
  }

  /** To be called when the bridge is gone. */
  end(): void {
    this.#budget.giveBack(this.#topics.size);
    this.#topics.clear();
  }
}
