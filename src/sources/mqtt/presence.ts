/**
 * Tells the sink which clients are there.
 *
 * Invariants
 * - Of each client identifier, online and offline alternate, beginning with online.
 * - When a connection takes an identifier over, the old one goes offline first.
 */
import type { EpochMs } from "../../core/clock.ts";
import type { ConnectionChange, MessageSink } from "../../core/message.ts";
import type { Sender } from "./in-flight.ts";

/** A connection, as far as it is announced. */
export interface Visitor extends Sender {
  /** Why it ended, or will have ended if it ends now. */
  readonly cause: Exclude<ConnectionChange["cause"], "connect">;
}

export class Presence {
  readonly #sink: MessageSink;
  readonly #nowMs: () => EpochMs;
  readonly #online = new Map<string, Visitor>();

  constructor(sink: MessageSink, nowMs: () => EpochMs) {
    this.#sink = sink;
    this.#nowMs = nowMs;
  }

  get clients(): number {
    return this.#online.size;
  }

  arrive(visitor: Visitor): void {
    const before = this.#online.get(visitor.client);
    if (before !== undefined) this.#say(before, "offline", "takeover");
    this.#online.set(visitor.client, visitor);
    this.#say(visitor, "online", "connect");
  }

  /** Without effect for a connection that never arrived or was taken over. */
  leave(visitor: Visitor): void {
    if (this.#online.get(visitor.client) !== visitor) return;
    this.#online.delete(visitor.client);
    this.#say(visitor, "offline", visitor.cause);
  }

  #say(visitor: Visitor, state: "online" | "offline", cause: ConnectionChange["cause"]): void {
    const { source, client, device } = visitor;
    const owner = device === undefined ? {} : { device };
    this.#sink.connection({ source, client, ...owner, state, cause, receivedMs: this.#nowMs() });
  }
}
