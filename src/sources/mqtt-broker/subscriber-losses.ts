/** Tells what subscribers lost, and closes those that do not keep up. */
import type { RefusalFacts } from "../../core/refusal.ts";
import type { Connection } from "./connection.ts";
import type { OutboxBound, OutboxBudget } from "./outbox-budget.ts";
import { endings } from "./reasons.ts";
import type { Refusals } from "./refusals.ts";
import { maxSessionsBytes, type Session, type SessionBound } from "./sessions.ts";
import { stallMs } from "./wire-writer.ts";

export class SubscriberLosses {
  readonly #refusals: Refusals;
  readonly #budget: OutboxBudget;
  readonly #sessionLimits: Readonly<Record<SessionBound, RefusalFacts>>;

  /** `maxKept`: sessions that are kept at the same time. */
  constructor(refusals: Refusals, budget: OutboxBudget, maxKept: number) {
    this.#refusals = refusals;
    this.#budget = budget;
    this.#sessionLimits = {
      sessions: { limit: "max_clients", atMost: maxKept },
      filters: { limit: "bytes of names and filters", atMost: maxSessionsBytes },
      messages: { limit: "bytes that wait for absent clients", atMost: budget.maxAbsentBytes },
    };
  }

  /** So many messages were dropped. */
  dropped(session: Session<Connection>, bound: OutboxBound, times: number): void {
    this.#refusals.note("drop", reasons[bound], this.#facts(session, bound), times);
  }

  /** Closes the connection. */
  lags(session: Session<Connection>, bound: OutboxBound | "time"): void {
    const { holder } = session;
    if (holder === undefined || holder.gone) return;
    const facts = this.#facts(session, bound);
    holder.close(endings.lagging);
    this.#refusals.note("subscriber", reasons[bound], facts);
  }

  /** The session of an absent client was given up, with what waited for it. */
  givenUp(session: Session<Connection>, bound: SessionBound): void {
    const { client, outbox, owner: user } = session;
    const facts = { client, user, bytes: outbox.bytes, ...this.#sessionLimits[bound] };
    this.#refusals.note("session", `given-up-for-${bound}`, facts);
  }

  #facts(
    { client, holder, outbox, owner }: Session<Connection>,
    bound: OutboxBound | "time",
  ): RefusalFacts {
    const { maxBytes, maxSubscriberBytes } = this.#budget;
    const who = { address: holder?.address, client, user: owner, bytes: outbox.bytes };
    switch (bound) {
      case "time":
        return { ...who, limit: "seconds without taking anything", atMost: stallMs / 1_000 };
      case "packet":
        return {
          ...who,
          limit: "maximum packet size of the client",
          atMost: holder?.terms.maxPacketBytes,
        };
      case "subscriber":
        return { ...who, limit: "bytes that wait for a subscriber", atMost: maxSubscriberBytes };
      case "all subscribers":
        return { ...who, limit: "bytes that wait for all subscribers", atMost: maxBytes };
    }
  }
}

const reasons = {
  time: "subscriber-stalls",
  subscriber: "subscriber-full",
  "all subscribers": "subscribers-full",
  packet: "subscriber-takes-less",
} as const satisfies Record<OutboxBound | "time", string>;
