/** Whether a message still fits into what waits for one subscriber, and what comes of it where not. */
import type { Clock } from "../../core/clock.ts";
import type { OutboundMessage, Qos } from "./outbound-message.ts";
import type { OutboxBound, OutboxBudget } from "./outbox-budget.ts";
import { OutboxDrops } from "./outbox-drops.ts";

export interface OutboxRoomOptions {
  readonly budget: OutboxBudget;
  readonly clock: Clock;
  /** So many messages were dropped. Those of a second are told together. */
  dropped(bound: OutboxBound, times: number): void;
  /** Makes room for a subscriber that is away, by ending another; false when there is none. */
  makeRoom(): boolean;
  /** The subscriber does not keep up; its connection is to be closed. */
  lags(limit: OutboxBound | "time"): void;
}

/** How a subscriber is. */
export interface OutboxLoad {
  /** What waits, and what the socket did not take yet. */
  readonly bytes: number;
  readonly isAttached: boolean;
  readonly hasEnded: boolean;
}

export class OutboxRoom {
  readonly drops: OutboxDrops;
  readonly #options: OutboxRoomOptions;
  readonly #load: OutboxLoad;

  constructor(options: OutboxRoomOptions, load: OutboxLoad) {
    this.#options = options;
    this.#load = load;
    this.drops = new OutboxDrops(options.clock, (bound, times) => options.dropped(bound, times));
  }

  /** Makes room where that is possible; false where the message is dropped. */
  fits(message: OutboundMessage, qos: Qos): boolean {
    const { isAttached } = this.#load;
    let bound = this.#boundFor(message, qos);
    while (
      bound === "all subscribers" &&
      !isAttached &&
      !this.#load.hasEnded &&
      this.#options.makeRoom()
    ) {
      bound = this.#boundFor(message, qos);
    }
    if (this.#load.hasEnded) return false;
    if (bound === undefined) return true;
    this.drops.add(bound);
    if (isAttached && qos > 0) this.#options.lags(bound);
    return false;
  }

  #boundFor({ costBytes }: OutboundMessage, qos: Qos): OutboxBound | undefined {
    const { bytes, isAttached } = this.#load;
    return this.#options.budget.boundFor(bytes, costBytes, { present: isAttached, qos });
  }
}
