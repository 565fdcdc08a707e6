/**
 * Handles what subscribers send: SUBSCRIBE and UNSUBSCRIBE, and the answers to what they were sent.
 *
 * The package knows these packets too, but it answers a filter that is named twice only once, looks
 * at the granted QoS by topic and not by filter, and keeps something for every answer that nobody
 * waits for.
 */

import type { RefusalFacts } from "../../core/refusal.ts";
import type { Connection } from "./connection.ts";
import { type Qos, refusedFilter, suback, unsuback } from "./outbound-message.ts";
import type { Refusals } from "./refusals.ts";
import type { Retained } from "./retained.ts";
import { maxSessionBytes, type Session, type Sessions } from "./sessions.ts";

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
  readonly refusals: Refusals;
}

type FilterRefusal =
  | "system-filter"
  | "foreign-filter"
  | "filters-of-packet"
  | "filters-of-session";

/** Which limit a filter was refused for. */
const limits: Readonly<Record<FilterRefusal, RefusalFacts>> = {
  "system-filter": { limit: "no filter that begins with $" },
  "foreign-filter": { limit: "subscribe of the user" },
  "filters-of-packet": { limit: "filters of one SUBSCRIBE", atMost: maxFiltersPerPacket },
  "filters-of-session": { limit: "bytes of the filters of a session", atMost: maxSessionBytes },
};

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
    const { retained } = this.#deps;
    const refused = new Map<FilterRefusal, string[]>();
    const codes = subscriptions.map(({ topic, qos }, place) => {
      const refusal = this.#add(connection, session, topic, qos, place);
      if (refusal === undefined) return qos;
      const others = refused.get(refusal);
      if (others === undefined) refused.set(refusal, [topic]);
      else others.push(topic);
      return refusedFilter;
    });
    this.#tell(connection, session, refused);
    session.outbox.answer(suback(messageId, codes));
    for (const [place, { topic, qos }] of subscriptions.entries()) {
      if (codes[place] === refusedFilter) continue;
      session.outbox.replay(topic, retained.matching(topic), qos);
    }
  }

  /** Adds a filter, the one at this place in its packet, or says why not. */
  #add(
    connection: Connection,
    session: Session<Connection>,
    filter: string,
    qos: Qos,
    place: number,
  ): FilterRefusal | undefined {
    const { maySubscribe, sessions } = this.#deps;
    if (place >= maxFiltersPerPacket) return "filters-of-packet";
    if (!maySubscribe(connection, filter)) {
      return filter.startsWith("$") ? "system-filter" : "foreign-filter";
    }
    return sessions.subscribe(session, filter, qos) ? undefined : "filters-of-session";
  }

  #tell(
    { who }: Connection,
    { bytes }: Session<Connection>,
    refused: ReadonlyMap<FilterRefusal, readonly string[]>,
  ): void {
    for (const [reason, filters] of refused) {
      const isOfSession = reason === "filters-of-session";
      const facts = { packet: "SUBSCRIBE", topic: filters.at(-1), ...(isOfSession && { bytes }) };
      const { refusals } = this.#deps;
      refusals.note("filter", reason, { ...who, ...facts, ...limits[reason] }, filters.length);
    }
  }
}
