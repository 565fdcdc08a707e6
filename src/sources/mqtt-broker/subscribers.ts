/** The side of the broker towards its subscribers, put together. */
import type { Clock } from "../../core/clock.ts";
import type { Connection } from "./connection.ts";
import { type Distributed, Distribution } from "./distribution.ts";
import { Outbox } from "./outbox.ts";
import { OutboxBudget } from "./outbox-budget.ts";
import type { Refusals } from "./refusals.ts";
import { maxRetainedBytes, Retained } from "./retained.ts";
import { type Session, Sessions } from "./sessions.ts";
import { SubscriberDesk, type SubscriberPacket } from "./subscriber-desk.ts";
import { SubscriberLosses } from "./subscriber-losses.ts";
import type { TellFate } from "./unacknowledged.ts";

/** What may wait for all of them. */
const outboxBytes = 32 * 2 ** 20;

export interface SubscribersDeps {
  /** Sessions that are kept at the same time. */
  readonly maxKept: number;
  maySubscribe(connection: Connection, filter: string): boolean;
  /** A kept session is over, as its client wanted it. */
  over(session: Session<Connection>): void;
  readonly clock: Clock;
  readonly refusals: Refusals;
}

export class Subscribers {
  readonly sessions: Sessions<Connection>;
  readonly #distribution: Distribution;
  readonly #desk: SubscriberDesk;

  constructor({ maxKept, maySubscribe, over, clock, refusals }: SubscribersDeps) {
    const budget = new OutboxBudget(outboxBytes);
    const losses = new SubscriberLosses(refusals, budget, maxKept);
    const retained = new Retained();
    this.sessions = new Sessions({
      maxKept,
      clock,
      over,
      givenUp: (session, bound) => losses.givenUp(session, bound),
      createOutbox: (session) =>
        new Outbox({
          budget,
          clock,
          dropped: (bound, times) => losses.dropped(session(), bound, times),
          makeRoom: () => this.sessions.giveUpLargest(),
          lags: (limit) => losses.lags(session(), limit),
        }),
    });
    this.#distribution = new Distribution({
      sessions: this.sessions,
      retained,
      clock,
      notRetained: ({ costBytes, topic }, from) =>
        refusals.note("retain", "retained-full", {
          ...from?.who,
          packet: "PUBLISH",
          topic,
          bytes: costBytes,
          limit: "bytes of retained messages",
          atMost: maxRetainedBytes,
        }),
    });
    this.#desk = new SubscriberDesk({
      maySubscribe,
      retained,
      sessions: this.sessions,
      refusals,
    });
  }

  /** Handles what a subscriber sent. */
  handle(connection: Connection, packet: SubscriberPacket): void {
    this.#desk.handle(connection, packet);
  }

  /** The client has its CONNACK: what waits goes out. To be called before more of it is read. */
  welcome(connection: Connection): void {
    this.sessions
      .heldBy(connection.client, connection)
      ?.outbox.attach(connection.socket, connection.terms);
  }

  /** Hands a message on to whoever has subscribed to it; `from` is the client that sent it. */
  deliver(message: Distributed, from?: Connection): void {
    this.#distribution.deliver(message, from);
  }

  /** Hands a message on to those that are connected, and says what became of it at client `to`. */
  deliverNow(message: Distributed, to: string, tell: TellFate): void {
    this.#distribution.deliverNow(message, to, tell);
  }
}
