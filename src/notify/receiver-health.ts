/** How attempts to tell one receiver go: for status, metrics and the journal. */
import type { Clock, EpochMs } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import type { Counter, Metrics } from "../core/metrics.ts";
import type { Delivery } from "./receiver.ts";

/** Since when something is the matter, and what. */
export interface Trouble {
  readonly sinceMs: EpochMs;
  readonly reason: string;
}

export interface ReceiverHealthDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export class ReceiverHealth {
  readonly #receiver: string;
  readonly #deps: ReceiverHealthDependencies;
  readonly #counter: Counter;
  #delivered = 0;
  #deadLetters = 0;
  #failing: Trouble | undefined;
  #misconfigured = false;

  constructor(receiver: string, deps: ReceiverHealthDependencies) {
    this.#receiver = receiver;
    this.#deps = deps;
    this.#counter = deps.metrics.counter(
      "gateway_notify_attempts_total",
      "Attempts to tell a receiver of a transition, by outcome.",
    );
    // A count that is not there before its first time rises unseen by who watches for a rise.
    for (const outcome of ["delivered", "failed", "refused"] satisfies Delivery["kind"][])
      this.#counter.add(0, { receiver, outcome });
  }

  /** Counted since the start of the process. */
  get delivered(): number {
    return this.#delivered;
  }

  /** Counted since the start of the process. */
  get deadLetters(): number {
    return this.#deadLetters;
  }

  /** Since when no attempt succeeded, and what the last one met; undefined while all is well. */
  get failing(): Trouble | undefined {
    return this.#failing;
  }

  note(delivery: Delivery): void {
    const receiver = this.#receiver;
    this.#counter.add(1, { receiver, outcome: delivery.kind });
    switch (delivery.kind) {
      case "delivered":
        if (this.#failing) this.#deps.logger.info("a receiver answers again", { receiver });
        this.#failing = undefined;
        this.#misconfigured = false;
        this.#delivered += 1;
        return;
      case "refused":
        this.#deps.logger.error("a receiver was not told of a transition; it is a dead letter", {
          receiver,
          reason: delivery.reason,
        });
        this.#deadLetters += 1;
        return;
      case "failed":
        this.#noteFailure(delivery.reason, delivery.misconfigured === true);
    }
  }

  #noteFailure(reason: string, misconfigured: boolean): void {
    const { clock, logger } = this.#deps;
    const receiver = this.#receiver;
    if (misconfigured && !this.#misconfigured)
      logger.error("a receiver takes nothing from us: look at its address and credentials", {
        receiver,
        reason,
      });
    else if (!this.#failing)
      logger.warn("a receiver fails; it is tried again", { receiver, reason });
    this.#misconfigured = misconfigured;
    this.#failing = { sinceMs: this.#failing?.sinceMs ?? clock.wallMs(), reason };
  }
}
