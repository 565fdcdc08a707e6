/**
 * Handles what subscribers send: SUBSCRIBE and UNSUBSCRIBE, and the answers to what they were sent.
 *
 * The package knows these packets too, but it answers a filter that is named twice only once, looks
 * at the granted QoS by topic and not by filter, and keeps something for every answer that nobody
 * waits for.
 */
import type { Connection } from "./connection.ts";
import { type Qos, refusedFilter, suback, unsuback } from "./outbound-message.ts";
import type { Retained } from "./retained.ts";
import type { Session, Sessions } from "./sessions.ts";

/** Of one SUBSCRIBE; what is behind them is refused unread. */
const maxFiltersPerPacket = 1_000;

/** The packets that are handled here, as the package's parser gives them. */
export type SubscriberPacket =
  | {
      readonly cmd: "subscribe";
      readonly messageId: number;
      readonly subscriptions: readonly { readonly topic: string; readonly qos: Qos }[];
    }
  | {
      readonly cmd: "unsubscribe";
      readonly messageId: number;
      readonly unsubscriptions: readonly string[];
    }
  | { readonly cmd: "puback" | "pubrec" | "pubcomp"; readonly messageId: number };

const commands: ReadonlySet<unknown> = new Set([
  "subscribe",
  "unsubscribe",
  "puback",
  "pubrec",
  "pubcomp",
]);

export function isOfSubscriber(packet: { readonly cmd: string }): packet is SubscriberPacket {
  return commands.has(packet.cmd);
}

export interface SubscriberDeskDeps {
  readonly retained: Retained;
  readonly sessions: Sessions<Connection>;
  /** True when the client may have whatever the filter names. */
  maySubscribe(connection: Connection, filter: string): boolean;
  /** A filter was refused. */
  refused(): void;
}

export class SubscriberDesk {
  readonly #deps: SubscriberDeskDeps;

  constructor(deps: SubscriberDeskDeps) {
    this.#deps = deps;
  }

  /** Without effect for a connection that has no session, or not any more. */
  handle(connection: Connection, packet: SubscriberPacket): void {
    const session = this.#deps.sessions.heldBy(connection.client, connection);
    if (session === undefined) return;
    const { outbox } = session;
    switch (packet.cmd) {
      case "subscribe":
        this.#subscribe(connection, session, packet);
        break;
      case "unsubscribe":
        for (const filter of packet.unsubscriptions) {
          this.#deps.sessions.unsubscribe(session, filter);
        }
        outbox.answer(unsuback(packet.messageId));
        break;
      case "puback":
        outbox.acknowledged(packet.messageId);
        break;
      case "pubrec":
        outbox.received(packet.messageId);
        break;
      case "pubcomp":
        outbox.completed(packet.messageId);
        break;
    }
  }

  /** The answer comes first, then what is retained (MQTT 3.1.1 §3.8.4). */
  #subscribe(
    connection: Connection,
    session: Session<Connection>,
    { messageId, subscriptions }: SubscriberPacket & { readonly cmd: "subscribe" },
  ): void {
    const { maySubscribe, refused, retained, sessions } = this.#deps;
    const codes = subscriptions.map(({ topic, qos }, place) => {
      const granted =
        place < maxFiltersPerPacket &&
        maySubscribe(connection, topic) &&
        sessions.subscribe(session, topic, qos);
      if (!granted) refused();
      return granted ? qos : refusedFilter;
    });
    session.outbox.answer(suback(messageId, codes));
    for (const [place, { topic, qos }] of subscriptions.entries()) {
      if (codes[place] === refusedFilter) continue;
      session.outbox.replay(topic, retained.matching(topic), qos);
    }
  }
}
