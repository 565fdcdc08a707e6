/**
 * QoS 1 messages of kept sessions that went to the sink and whose PUBACK was never sent, as far as
 * anybody can know: the connection broke before they were on disk, or the process died. Their clients
 * send them again with DUP, and they are answered without being stored a second time.
 *
 * Once a PUBACK was sent its number is free, and what comes under it is a new message whatever its DUP
 * says (MQTT 3.1.1 §4.3.2, MQTT 5 §4.3.2). So a message is here only from the end of its connection
 * on, and no longer than through the next one: a client sends again what it has no answer for before
 * it sends anything new (§4.4, §4.6).
 */
import { toSeq } from "../../core/ids.ts";
import type { Receipt } from "../../core/receipt.ts";
import type { Delivery } from "../../core/record.ts";
import { mostPerSession } from "./delivery-session.ts";
import type { TornDeliveries, TornDelivery } from "./torn-deliveries.ts";

/** Of all sessions together; more are forgotten, and stored twice when they come again. */
const mostInAll = 100_000;
/** What vouches for a message that an earlier process stored. */
const stored = toSeq(0);

/** A message whose client has no answer. */
export interface Unanswered {
  readonly delivery: Delivery;
  /** What vouches for its events. */
  readonly receipt: Receipt;
  /** It came again, and is answered when it is on disk. */
  isBack: boolean;
}

/** What a message with a number is. */
export type Met =
  | { readonly known: Unanswered }
  | {
      readonly known: undefined;
      /** To be stored with its events. */
      readonly delivery: Delivery;
      /** What an earlier process stored of it, where that is not all. */
      readonly torn: TornDelivery | undefined;
    };

export interface UnansweredDeps {
  readonly torn: TornDeliveries;
  /** A message went to the sink. */
  met(): void;
  /** Those that are here are others than before. */
  changed(): void;
}

export class UnansweredMessages {
  readonly #deps: UnansweredDeps;
  /** By session and number. */
  readonly #sessions = new Map<string, Map<number, Unanswered>>();
  #count = 0;

  constructor(deps: UnansweredDeps) {
    this.#deps = deps;
  }

  /** The messages of one connection of a session. */
  session(name: string): UnansweredSession {
    return new UnansweredSession(name, this, this.#deps);
  }

  /** All of them. */
  *all(): Iterable<Unanswered> {
    for (const messages of this.#sessions.values()) yield* messages.values();
  }

  /** Of a session; undefined for none. */
  of(name: string): ReadonlyMap<number, Unanswered> | undefined {
    return this.#sessions.get(name);
  }

  /** Without a receipt it is one that an earlier process stored. */
  add(delivery: Delivery, receipt: Receipt = stored): void {
    const messages = this.#sessions.get(delivery.session) ?? new Map<number, Unanswered>();
    const isNew = !messages.has(delivery.packetId);
    if (isNew && (messages.size >= mostPerSession || this.#count >= mostInAll)) return;
    if (isNew) this.#count += 1;
    messages.set(delivery.packetId, { delivery, receipt, isBack: false });
    this.#sessions.set(delivery.session, messages);
    this.#deps.changed();
  }

  remove({ delivery: { packetId, session } }: Unanswered): void {
    const messages = this.#sessions.get(session);
    if (!messages?.delete(packetId)) return;
    this.#count -= 1;
    if (messages.size === 0) this.#sessions.delete(session);
    this.#deps.changed();
  }

  /** Forgets those of a session that have not come again. */
  settle(name: string): void {
    for (const message of this.#sessions.get(name)?.values() ?? [])
      if (!message.isBack) this.remove(message);
  }

  /** Forgets all of a session; true when there were any. */
  clear(name: string): boolean {
    const messages = [...(this.#sessions.get(name)?.values() ?? [])];
    for (const message of messages) this.remove(message);
    return messages.length > 0;
  }
}

/** What a connection of a kept session does about its QoS 1 messages. */
export class UnansweredSession {
  readonly #name: string;
  readonly #all: UnansweredMessages;
  readonly #deps: UnansweredDeps;
  #left: [Delivery, Receipt][] = [];

  constructor(name: string, all: UnansweredMessages, deps: UnansweredDeps) {
    this.#name = name;
    this.#all = all;
    this.#deps = deps;
  }

  /** To be called for each message, in the order of arrival; `isAgain`: it has DUP. */
  meet(packetId: number, hash: number, isAgain: boolean): Met {
    const session = this.#name;
    const before = this.#all.of(session);
    if (before !== undefined) {
      const known = isAgain ? before.get(packetId) : undefined;
      if (known?.delivery.hash === hash) {
        known.isBack = true;
        return { known };
      }
      if (!isAgain) this.#all.settle(session);
    }
    this.#deps.met();
    const delivery: Delivery = {
      session,
      packetId,
      hash,
      untilPuback: isAgain ? "again" : "first",
    };
    const torn = this.#deps.torn.take(delivery);
    return { known: undefined, delivery, torn: isAgain ? torn : undefined };
  }

  /** The PUBACK of what came again was sent. */
  answered(message: Unanswered): void {
    this.#all.remove(message);
  }

  /** The client is gone, and a message of this connection has no answer. */
  leave(delivery: Delivery, receipt: Receipt = stored): void {
    this.#left.push([delivery, receipt]);
  }

  /** To be called when the connection has ended: from here on its client may come again. */
  end(): void {
    this.#all.settle(this.#name);
    for (const message of this.#all.of(this.#name)?.values() ?? []) message.isBack = false;
    for (const [delivery, receipt] of this.#left.splice(0)) this.#all.add(delivery, receipt);
  }
}
