/**
 * Handles what subscribers send: SUBSCRIBE and UNSUBSCRIBE, and the answers to what they were sent.
 *
 * The package knows these packets too, but it answers a filter that is named twice only once, looks
 * at the granted QoS by topic and not by filter, and keeps something for every answer that nobody
 * waits for.
 */
import type { RefusalFacts } from "../../core/refusal.ts";
import { isTopicFilter } from "../../core/topic-filter.ts";
import type { Connection } from "./connection.ts";
import { type Grant, grantWith, plainGrant } from "./grant.ts";
import { type Qos, refusedFilter, suback, unsuback } from "./outbound-message.ts";
import type { Refusals } from "./refusals.ts";
import type { Retained } from "./retained.ts";
import { maxSessionBytes, type Session, type Sessions } from "./sessions.ts";
import { suback5, unsuback5 } from "./v5/answers.ts";
import type { Subscription5 } from "./v5/client-packets.ts";
import { firstFailure, reasonCode } from "./v5/reason-codes.ts";

/** Of one SUBSCRIBE; what is behind them is refused unread. */
const maxFiltersPerPacket = 1_000;

/** One filter; what MQTT 5 adds to it is there for clients of that version only. */
type Subscription = { readonly topic: string; readonly qos: Qos } & Partial<Subscription5>;

/** The packets that are handled here, as the package's parser gives them; or those of MQTT 5. */
export type SubscriberPacket =
  | {
      readonly cmd: "subscribe";
      readonly messageId: number;
      readonly subscriptions: readonly Subscription[];
      readonly identifier?: number | undefined;
    }
  | {
      readonly cmd: "unsubscribe";
      readonly messageId: number;
      readonly unsubscriptions: readonly string[];
    }
  | {
      readonly cmd: "puback" | "pubrec" | "pubcomp";
      readonly messageId: number;
      readonly code?: number;
    };

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
  | "bad-filter"
  | "shared-filter"
  | "system-filter"
  | "foreign-filter"
  | "filters-of-packet"
  | "filters-of-session";

/** Which limit a filter was refused for. */
const limits: Readonly<Record<FilterRefusal, RefusalFacts>> = {
  "bad-filter": { limit: "+ alone between slashes, # alone at the end" },
  "shared-filter": { limit: "no shared subscriptions" },
  "system-filter": { limit: "no filter that begins with $" },
  "foreign-filter": { limit: "subscribe of the user" },
  "filters-of-packet": { limit: "filters of one SUBSCRIBE", atMost: maxFiltersPerPacket },
  "filters-of-session": { limit: "bytes of the filters of a session", atMost: maxSessionBytes },
};

/** What a client of version 5 is told (MQTT 5 §3.9.3). */
const codes5: Readonly<Record<FilterRefusal, number>> = {
  "bad-filter": reasonCode.topicFilterInvalid,
  "shared-filter": reasonCode.sharedSubscriptionsNotSupported,
  "system-filter": reasonCode.topicFilterInvalid,
  "foreign-filter": reasonCode.notAuthorized,
  "filters-of-packet": reasonCode.quotaExceeded,
  "filters-of-session": reasonCode.quotaExceeded,
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
        this.#unsubscribe(connection, session, packet);
        break;
      case "puback":
        outbox.acknowledged(packet.messageId, packet.code ?? 0);
        break;
      case "pubrec":
        if ((packet.code ?? 0) >= firstFailure) outbox.refused(packet.messageId);
        else outbox.received(packet.messageId);
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
    packet: SubscriberPacket & { readonly cmd: "subscribe" },
  ): void {
    const { identifier, messageId, subscriptions } = packet;
    const { retained } = this.#deps;
    const is5 = connection.terms.version === 5;
    const refused = new Map<FilterRefusal, string[]>();
    const replays: { readonly topic: string; readonly grant: Grant }[] = [];
    const codes = subscriptions.map((subscription, place) => {
      const { qos, retainHandling = "always", topic } = subscription;
      const isNew = !session.filters.has(topic);
      const grant = grantOf(subscription, identifier);
      const refusal = this.#add(connection, session, topic, grant, place);
      if (refusal === undefined) {
        if (retainHandling === "always" || (retainHandling === "new" && isNew))
          replays.push({ topic, grant });
        return qos;
      }
      const others = refused.get(refusal);
      if (others === undefined) refused.set(refusal, [topic]);
      else others.push(topic);
      return is5 ? codes5[refusal] : refusedFilter;
    });
    this.#tell(connection, session, refused);
    session.outbox.answer(is5 ? suback5(messageId, codes) : suback(messageId, codes));
    for (const { topic, grant } of replays) {
      session.outbox.replay(topic, retained.matching(topic), grant);
    }
  }

  #unsubscribe(
    connection: Connection,
    session: Session<Connection>,
    { messageId, unsubscriptions }: SubscriberPacket & { readonly cmd: "unsubscribe" },
  ): void {
    const codes = unsubscriptions.map((filter) =>
      this.#deps.sessions.unsubscribe(session, filter)
        ? reasonCode.success
        : reasonCode.noSubscriptionExisted,
    );
    const is5 = connection.terms.version === 5;
    session.outbox.answer(is5 ? unsuback5(messageId, codes) : unsuback(messageId));
  }

  /** Adds a filter, the one at this place in its packet, or says why not. */
  #add(
    connection: Connection,
    session: Session<Connection>,
    filter: string,
    grant: Grant,
    place: number,
  ): FilterRefusal | undefined {
    const { maySubscribe, sessions } = this.#deps;
    if (place >= maxFiltersPerPacket) return "filters-of-packet";
    if (!isTopicFilter(filter)) return "bad-filter";
    if (!maySubscribe(connection, filter)) {
      if (connection.terms.version === 5 && filter.startsWith("$share/")) return "shared-filter";
      return filter.startsWith("$") ? "system-filter" : "foreign-filter";
    }
    return sessions.subscribe(session, filter, grant) ? undefined : "filters-of-session";
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

function grantOf(subscription: Subscription, identifier: number | undefined): Grant {
  const { noLocal = false, qos, retainAsPublished = false } = subscription;
  if (!noLocal && !retainAsPublished && identifier === undefined) return plainGrant(qos);
  return grantWith(qos, { noLocal, retainAsPublished, identifier });
}
