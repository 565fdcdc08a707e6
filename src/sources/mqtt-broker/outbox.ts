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
import type { Clock } from "../../core/clock.ts";
import { type OutboundMessage, pubrel, type Qos } from "./outbound-message.ts";
import type { OutboxBound, OutboxBudget } from "./outbox-budget.ts";
import { OutboxDrops } from "./outbox-drops.ts";
import { type Wire, WireWriter } from "./wire-writer.ts";

/** Messages that may be under way at the same time; more wait. */
const maxInFlight = 100;
/** Retained messages go out while no more than this part of a subscriber's room is used. */
const replayShare = 1 / 4;
const maxPacketId = 65_535;

export interface OutboxOptions {
  readonly budget: OutboxBudget;
  readonly clock: Clock;
  /** So many messages were dropped. Those of a second are told together. */
  dropped(bound: OutboxBound, times: number): void;
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
  readonly #drops: OutboxDrops;
  readonly #waiting: Outgoing[] = [];
  readonly #inFlight = new Map<number, Outgoing>();
  /** By filter, oldest first; they go before what waits. */
  readonly #replays = new Map<string, { readonly replay: Replay; readonly qos: Qos }>();
  /** Undefined while the client is away. */
  #writer: WireWriter | undefined;
  /** Of messages that wait for their turn or their acknowledgment. */
  #queuedBytes = 0;
  #packetId = 0;
  #ended = false;
  #pumping = false;
  #resting = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#drops = new OutboxDrops(options.clock, (bound, times) => options.dropped(bound, times));
  }

  /** What waits, and what the socket did not take yet. */
  get bytes(): number {
    return this.#queuedBytes + (this.#writer?.unsentBytes ?? 0);
  }

  /** The client has its CONNACK: sends again what was not acknowledged, then what waits (§4.4). */
  attach(wire: Wire): void {
    this.detach();
    this.#drops.tell();
    const { budget, clock, lags } = this.#options;
    budget.move(this.#queuedBytes, true);
    this.#writer = new WireWriter(wire, {
      budget,
      clock,
      drained: () => this.#pump(),
      stalls: () => lags("time"),
    });
    for (const [packetId, { message, qos, retain }] of this.#inFlight) {
      this.#writer?.write(message?.frame({ qos, retain, dup: true, packetId }) ?? pubrel(packetId));
    }
    this.#pump();
  }

  /** The connection is gone or taken over. */
  detach(): void {
    if (this.#writer === undefined) return;
    this.#writer.close();
    this.#writer = undefined;
    this.#options.budget.move(this.#queuedBytes, false);
  }

  /** The session has ended; nothing is taken any more. */
  end(): void {
    this.#ended = true;
    this.detach();
    this.#drops.tell();
    this.#replays.clear();
    this.#waiting.length = 0;
    this.#inFlight.clear();
    this.#countQueued(-this.#queuedBytes);
  }

  /** Sends a live message when its turn comes; at QoS 0 now or never. */
  deliver(message: OutboundMessage, qos: Qos): void {
    if (qos === 0) {
      if (this.#writer === undefined || !this.#fits(message, 0)) return;
      this.#writer?.write(message.live());
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
    this.#writer?.write(bytes);
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
    this.#writer?.write(pubrel(packetId));
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
    const present = this.#writer !== undefined;
    let bound = this.#boundFor(message, qos);
    while (bound === "all subscribers" && !present && !this.#ended && this.#options.makeRoom()) {
      bound = this.#boundFor(message, qos);
    }
    if (this.#ended) return false;
    if (bound === undefined) return true;
    this.#drops.add(bound);
    if (present && qos > 0) this.#options.lags(bound);
    return false;
  }

  #boundFor({ costBytes }: OutboundMessage, qos: Qos): OutboxBound | undefined {
    const present = this.#writer !== undefined;
    return this.#options.budget.boundFor(this.bytes, costBytes, { present, qos });
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
    while (this.#writer?.full === false && this.#inFlight.size < maxInFlight) {
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
    if (message !== undefined)
      this.#writer?.write(message.frame({ qos, retain, dup: false, packetId }));
  }

  #freePacketId(): number {
    do this.#packetId = (this.#packetId % maxPacketId) + 1;
    while (this.#inFlight.has(this.#packetId));
    return this.#packetId;
  }

  readonly #goOn = (): void => {
    this.#resting = false;
    this.#pump();
  };

  #countQueued(bytes: number): void {
    this.#options.budget.add(bytes, this.#writer !== undefined);
    this.#queuedBytes += bytes;
  }
}
