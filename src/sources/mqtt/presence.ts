/**
 * Tells the sink which clients are there.
 *
 * A device that wakes, says something and goes is alive by what it said. Where many come and go, who
 * is there for less than a second is not announced, so that short connections do not fill the log
 * with two records each.
 *
 * Invariants
 * - Of each client identifier, online and offline alternate, beginning with online.
 * - When a connection takes an identifier over, the old one goes offline first.
 */
import type { Clock, EpochMs, Timer } from "../../core/clock.ts";
import type { ConnectionChange, MessageSink } from "../../core/message.ts";
import type { Sender } from "./in-flight.ts";

/** A connection, as far as it is announced. */
export interface Visitor extends Sender {
  /** Why it ended, or will have ended if it ends now. */
  readonly cause: Exclude<ConnectionChange["cause"], "connect">;
}

/** So many arrivals are announced at once, and one more for each second that passed. */
const promptArrivals = 100;
/** Others have to stay for so long. */
const settleMs = 1_000;

export class Presence {
  readonly #sink: MessageSink;
  readonly #nowMs: () => EpochMs;
  readonly #clock: Clock;
  readonly #online = new Map<string, Visitor>();
  /** Not announced yet, with the moment at which they are; first come, first. */
  readonly #arriving = new Map<Visitor, number>();
  #timer: Timer | undefined;
  #prompt = promptArrivals;
  #promptAtMs: number;

  constructor(sink: MessageSink, nowMs: () => EpochMs, clock: Clock) {
    this.#sink = sink;
    this.#nowMs = nowMs;
    this.#clock = clock;
    this.#promptAtMs = clock.monotonicMs();
  }

  get clients(): number {
    return this.#online.size;
  }

  arrive(visitor: Visitor): void {
    const before = this.#online.get(visitor.client);
    if (before !== undefined) this.#goodbye(before, "takeover");
    this.#online.set(visitor.client, visitor);
    if (this.#isPrompt()) {
      this.#say(visitor, "online", "connect");
      return;
    }
    this.#arriving.set(visitor, this.#clock.monotonicMs() + settleMs);
    this.#timer ??= this.#clock.setTimer(settleMs, () => this.#settle());
  }

  /** Without effect for a connection that never arrived or was taken over. */
  leave(visitor: Visitor): void {
    if (this.#online.get(visitor.client) !== visitor) return;
    this.#online.delete(visitor.client);
    this.#goodbye(visitor, visitor.cause);
  }

  /** Announces nobody any more. */
  stop(): void {
    this.#timer?.cancel();
    this.#arriving.clear();
  }

  #isPrompt(): boolean {
    const nowMs = this.#clock.monotonicMs();
    const grown = (nowMs - this.#promptAtMs) / 1_000;
    this.#prompt = Math.min(promptArrivals, this.#prompt + grown);
    this.#promptAtMs = nowMs;
    if (this.#prompt < 1) return false;
    this.#prompt -= 1;
    return true;
  }

  #settle(): void {
    const nowMs = this.#clock.monotonicMs();
    this.#timer = undefined;
    for (const [visitor, dueMs] of this.#arriving) {
      if (dueMs > nowMs) {
        this.#timer = this.#clock.setTimer(dueMs - nowMs, () => this.#settle());
        return;
      }
      this.#arriving.delete(visitor);
      this.#say(visitor, "online", "connect");
    }
  }

  #goodbye(visitor: Visitor, cause: Visitor["cause"]): void {
    if (!this.#arriving.delete(visitor)) this.#say(visitor, "offline", cause);
  }

  #say(visitor: Visitor, state: "online" | "offline", cause: ConnectionChange["cause"]): void {
    const { source, client, device } = visitor;
    const owner = device === undefined ? {} : { device };
    this.#sink.connection({ source, client, ...owner, state, cause, receivedMs: this.#nowMs() });
  }
}
