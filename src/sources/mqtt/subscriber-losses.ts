/** Counts and says what subscribers lost, and closes those that do not keep up. */
import type { Clock } from "../../core/clock.ts";
import type { Logger } from "../../core/logger.ts";
import type { BrokerMetrics } from "./broker-metrics.ts";
import type { Connection } from "./connection.ts";
import type { OutboxBound } from "./outbox-budget.ts";
import type { Session } from "./sessions.ts";
import { Strikes } from "./strikes.ts";

export interface SubscriberLossesDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: BrokerMetrics;
}

export class SubscriberLosses {
  readonly #deps: SubscriberLossesDeps;
  /** What was written into the journal a short while ago. */
  readonly #noted: Strikes;

  constructor(deps: SubscriberLossesDeps) {
    this.#deps = deps;
    this.#noted = new Strikes(deps.clock);
  }

  /** A message was dropped; `bound` is left out where it is one more of a row. */
  dropped({ client, owner, outbox }: Session<Connection>, bound: OutboxBound | undefined): void {
    const { logger, metrics } = this.#deps;
    metrics.queueDropped.add();
    const what = bound === "subscriber" ? client : bound;
    if (bound === undefined || !this.#noted.strike(`dropped ${what}`)) return;
    logger.warn("drops messages for a subscriber that is away or does not keep up", {
      client,
      user: owner,
      limit: bound,
      waitingBytes: outbox.bytes,
    });
  }

  /** Closes the connection. */
  lags({ client, owner, holder, outbox }: Session<Connection>, limit: OutboxBound | "time"): void {
    if (holder === undefined || holder.gone) return;
    const { logger, metrics } = this.#deps;
    const waitingBytes = outbox.bytes;
    holder.socket.destroy();
    metrics.subscribersClosed.add();
    if (!this.#noted.strike(`closed ${client}`)) return;
    logger.warn("closed a subscriber that does not keep up", {
      client,
      user: owner,
      address: holder.address,
      limit,
      waitingBytes,
    });
  }

  /** The session of an absent client was given up. */
  givenUp(client: string, waitingBytes: number): void {
    const { logger, metrics } = this.#deps;
    metrics.sessionsGivenUp.add();
    if (!this.#noted.strike("given up")) return;
    logger.warn("gave up the session of a client that is away, to make room", {
      client,
      waitingBytes,
    });
  }
}
