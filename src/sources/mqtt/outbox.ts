/**
 * What is on its way to one subscriber: what waits, and what was sent and is not yet acknowledged.
 *
 * Nobody waits for a subscriber. A message of QoS 0 is written at once or dropped; others wait their
 * turn within a bound. A subscriber that lets the bound be reached, or takes nothing for a while, is
 * closed; what a kept session has then stays for the next connection.
 *
 * Invariants
 * - Messages of QoS 1 and 2 are sent in the order in which they came, and sent again in that order
 *   (MQTT 3.1.1 §4.6).
 * - DUP is set on what a former connection was sent already, and on nothing else (§3.3.1.1).
 * - What waits is counted in the budget until it is acknowledged, dropped, or the session ends.
 */
import type { Clock, Timer } from "../../core/clock.ts";
import { type OutboundMessage, pubrel, type Qos } from "./outbound-message.ts";
import type { OutboxBound, OutboxBudget } from "./outbox-budget.ts";

/** Messages that may be under way at the same time; more wait. */
const maxInFlight = 100;
/** A subscriber that takes nothing for so long is closed. */
const stallMs = 10_000;
/** Retained messages go out while no more than this part of a subscriber's room is used. */
const replayShare = 1 / 4;
const maxPacketId = 65_535;

/** The socket of a subscriber, as far as it is written to. */
export interface Wire {
  readonly destroyed: boolean;
  readonly writableNeedDrain: boolean;
  readonly writableLength: number;
  readonly bytesWritten: number;
  write(bytes: Uint8Array): boolean;
  cork(): void;
  uncork(): void;
  on(event: "drain", listener: () => void): unknown;
  off(event: "drain", listener: () => void): unknown;
}

export interface OutboxOptions {
  readonly budget: OutboxBudget;
  readonly clock: Clock;
  /** A message was dropped; `bound` where it is the first since all had room. */
  dropped(bound: OutboxBound | undefined): void;
  /** Makes room for a subscriber that is away, by ending another; false when there is none. */
  makeRoom(): boolean;
  /** The subscriber does not keep up; its connection is to be closed. */
  lags(limit: OutboxBound | "time"): void;
}

/** A message for one subscriber; undefined once only its number is in use (PUBREC was there). */
interface Outgoing {
  message: OutboundMessage | undefined;
  readonly qos: Qos;
  readonly retain: boolean;
}

/** Retained messages that a subscription brings; undefined: to be asked again in another turn. */
export type Replay = Iterator<OutboundMessage | undefined>;

export class Outbox {
  readonly #options: OutboxOptions;
  readonly #waiting: Outgoing[] = [];
  readonly #inFlight = new Map<number, Outgoing>();
  /** By filter, oldest first; they go before what waits. */
  readonly #replays = new Map<string, { readonly replay: Replay; readonly qos: Qos }>();
  #wire: Wire | undefined;
  #corked: Wire | undefined;
  /** Of messages, and of what the socket did not take yet. */
  #queuedBytes = 0;
  #unsentBytes = 0;
  #packetId = 0;
  #dropping = false;
  #ended = false;
  #stall: Timer | undefined;
  #pumping = false;
  #resting = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** What waits, and what the socket did not take yet. */
  get bytes(): number {
    return this.#queuedBytes + this.#unsentBytes;
  }

  /** The client has its CONNACK: sends again what was not acknowledged, then what waits (§4.4). */
  attach(wire: Wire): void {
    this.detach();
    this.#options.budget.move(this.#queuedBytes, true);
    this.#wire = wire;
    wire.on("drain", this.#drained);
    for (const [packetId, { message, qos, retain }] of this.#inFlight) {
      this.#write(message?.frame({ qos, retain, dup: true, packetId }) ?? pubrel(packetId));
    }
    this.#pump();
  }

  /** The connection is gone or taken over. */
  detach(): void {
    if (this.#wire === undefined) return;
    this.#countUnsent(0);
    this.#options.budget.move(this.#queuedBytes, false);
    this.#wire.off("drain", this.#drained);
    this.#wire = undefined;
    this.#stall?.cancel();
    this.#stall = undefined;
  }

  /** The session has ended; nothing is taken any more. */
  end(): void {
    this.#ended = true;
    this.detach();
    this.#replays.clear();
    this.#waiting.length = 0;
    this.#inFlight.clear();
    this.#countQueued(-this.#queuedBytes);
  }

  /** Sends a live message when its turn comes; at QoS 0 now or never. */
  deliver(message: OutboundMessage, qos: Qos): void {
    if (qos === 0) {
      if (this.#wire === undefined || !this.#fits(message, 0)) return;
      this.#write(message.live());
      return;
    }
    if (!this.#fits(message, qos)) return;
    this.#take({ message, qos, retain: false });
    this.#pump();
  }

  /** Sends the retained messages that a filter brings, instead of any it still brings. */
  replay(filter: string, replay: Replay, qos: Qos): void {
    this.#replays.delete(filter);
    this.#replays.set(filter, { replay, qos });
    this.#pump();
  }

  cancelReplay(filter: string): void {
    this.#replays.delete(filter);
  }

  /** Sends an answer to a packet of the subscriber. */
  answer(bytes: Buffer): void {
    this.#write(bytes);
  }

  /** PUBACK; without effect for a number that waits for none. */
  acknowledged(packetId: number): void {
    if (this.#inFlight.get(packetId)?.qos === 1) this.#finish(packetId);
  }

  /** PUBREC: the message arrived, its number stays in use. It is answered whatever the number. */
  received(packetId: number): void {
    const outgoing = this.#inFlight.get(packetId);
    if (outgoing?.qos === 2 && outgoing.message !== undefined) {
      this.#countQueued(-outgoing.message.costBytes);
      outgoing.message = undefined;
    }
    this.#write(pubrel(packetId));
  }

  /** PUBCOMP; without effect before the PUBREC. */
  completed(packetId: number): void {
    const outgoing = this.#inFlight.get(packetId);
    if (outgoing?.qos === 2 && outgoing.message === undefined) this.#finish(packetId);
  }

  #finish(packetId: number): void {
    const message = this.#inFlight.get(packetId)?.message;
    this.#inFlight.delete(packetId);
    if (message !== undefined) this.#countQueued(-message.costBytes);
    this.#pump();
  }

  #fits(message: OutboundMessage, qos: Qos): boolean {
    const { budget, makeRoom } = this.#options;
    const present = this.#wire !== undefined;
    const boundNow = () => budget.boundFor(this.bytes, message.costBytes, { present, qos });
    let bound = boundNow();
    while (bound === "all subscribers" && !present && !this.#ended && makeRoom())
      bound = boundNow();
    if (this.#ended) return false;
    if (bound === undefined) return true;
    this.#options.dropped(this.#dropping ? undefined : bound);
    this.#dropping = true;
    if (present && qos > 0) this.#options.lags(bound);
    return false;
  }

  #take(outgoing: Outgoing & { message: OutboundMessage }): void {
    outgoing.message.keep();
    this.#countQueued(outgoing.message.costBytes);
    this.#waiting.push(outgoing);
  }

  /** Sends as long as the socket takes it and the subscriber acknowledges. */
  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    while (this.#wire?.writableNeedDrain === false && this.#inFlight.size < maxInFlight) {
      const outgoing = this.#nextReplayed() ?? this.#waiting.shift();
      if (outgoing === undefined) break;
      this.#send(outgoing);
    }
    this.#pumping = false;
  }

  /**
   * The next retained message, as it is now, counted; nothing while a replay rests or much of what
   * was sent is not acknowledged.
   */
  #nextReplayed(): Outgoing | undefined {
    const maxBytes = this.#options.budget.maxSubscriberBytes * replayShare;
    if (this.#resting || this.#queuedBytes > maxBytes) return undefined;
    for (const [filter, { replay, qos: granted }] of this.#replays) {
      const { done, value: message } = replay.next();
      if (done) {
        this.#replays.delete(filter);
        continue;
      }
      if (message === undefined) {
        this.#resting = true;
        setImmediate(this.#goOn);
        return undefined;
      }
      const qos = message.qos < granted ? message.qos : granted;
      if (qos > 0) this.#countQueued(message.costBytes);
      return { message, qos, retain: true };
    }
    return undefined;
  }

  #send(outgoing: Outgoing): void {
    const { message, qos, retain } = outgoing;
    const packetId = qos === 0 ? 0 : this.#freePacketId();
    if (qos > 0) this.#inFlight.set(packetId, outgoing);
    if (message !== undefined) this.#write(message.frame({ qos, retain, dup: false, packetId }));
  }

  #freePacketId(): number {
    do this.#packetId = (this.#packetId % maxPacketId) + 1;
    while (this.#inFlight.has(this.#packetId));
    return this.#packetId;
  }

  /** What is written in one turn goes to the system at once. */
  #write(bytes: Buffer): void {
    const wire = this.#wire;
    if (wire === undefined || wire.destroyed) return;
    if (this.#corked === undefined) {
      this.#corked = wire;
      wire.cork();
      queueMicrotask(this.#flush);
    }
    wire.write(bytes);
    this.#countUnsent(wire.writableLength);
  }

  readonly #flush = (): void => {
    const wire = this.#corked;
    this.#corked = undefined;
    wire?.uncork();
    if (wire === undefined || wire !== this.#wire) return;
    this.#countUnsent(wire.writableLength);
    if (this.#unsentBytes > 0) this.#watch(wire);
  };

  readonly #drained = (): void => {
    if (this.#wire === undefined) return;
    this.#countUnsent(this.#wire.writableLength);
    this.#dropping = false;
    this.#pump();
  };

  readonly #goOn = (): void => {
    this.#resting = false;
    this.#pump();
  };

  /** Closes the subscriber when the socket takes nothing more. */
  #watch(wire: Wire): void {
    if (this.#stall !== undefined) return;
    const takenBefore = wire.bytesWritten - wire.writableLength;
    this.#stall = this.#options.clock.setTimer(stallMs, () => {
      this.#stall = undefined;
      if (wire.writableLength === 0) return;
      if (wire.bytesWritten - wire.writableLength > takenBefore) this.#watch(wire);
      else this.#options.lags("time");
    });
  }

  #countUnsent(bytes: number): void {
    this.#options.budget.add(bytes - this.#unsentBytes, true);
    this.#unsentBytes = bytes;
  }

  #countQueued(bytes: number): void {
    this.#options.budget.add(bytes, this.#wire !== undefined);
    this.#queuedBytes += bytes;
  }
}
