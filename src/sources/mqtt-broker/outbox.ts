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
 * - No more is under way to a client than it said that it takes, and nothing larger is sent to it.
 * - What waits is counted in the budget until it is acknowledged, dropped, or the session ends.
 * - A message whose fate is told goes out on the connection that is there, or never.
 */
import type { Grant } from "./grant.ts";
import type { OutboundMessage } from "./outbound-message.ts";
import { OutboxRoom, type OutboxRoomOptions } from "./outbox-room.ts";
import { PacketWriter } from "./packet-writer.ts";
import { type Replay, Replays } from "./replays.ts";
import { plainTerms } from "./terms.ts";
import {
  type Fate,
  type Outgoing,
  outgoing,
  type TellFate,
  Unacknowledged,
} from "./unacknowledged.ts";
import { WaitingMessages } from "./waiting-messages.ts";
import type { Wire } from "./wire-writer.ts";

/** Retained messages go out while no more than this part of a subscriber's room is used. */
const replayShare = 1 / 4;

export class Outbox {
  readonly #options: OutboxRoomOptions;
  readonly #room: OutboxRoom;
  readonly #waiting = new WaitingMessages(({ costBytes }) => this.#countQueued(-costBytes));
  readonly #unacknowledged = new Unacknowledged();
  /** They go before what waits. */
  readonly #replays = new Replays(() => this.#pump());
  /** Undefined while the client is away. */
  #writer: PacketWriter | undefined;
  #terms = plainTerms;
  /** Of messages that wait for their turn or their acknowledgment. */
  #queuedBytes = 0;
  #hasEnded = false;
  #pumping = false;

  constructor(options: OutboxRoomOptions) {
    this.#options = options;
    this.#room = new OutboxRoom(options, this);
  }

  /** What waits, and what the socket did not take yet. */
  get bytes(): number {
    return this.#queuedBytes + (this.#writer?.unsentBytes ?? 0);
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** True while its client is there. */
  get isAttached(): boolean {
    return this.#writer !== undefined;
  }

  /** The client has its CONNACK: sends again what was not acknowledged, then what waits (§4.4). */
  attach(wire: Wire, terms = plainTerms): void {
    this.detach();
    this.#room.drops.tell();
    this.#terms = terms;
    const { budget, clock, lags } = this.#options;
    budget.move(this.#queuedBytes, true);
    this.#writer = new PacketWriter(wire, {
      terms,
      budget,
      clock,
      tooLarge: () => this.#room.drops.add("packet"),
      drained: () => this.#pump(),
      stalls: () => lags("time"),
    });
    this.#unacknowledged.restart();
    while (this.#sendAgain());
    this.#pump();
  }

  /** The connection is gone or taken over. */
  detach(): void {
    if (this.#writer === undefined) return;
    this.#waiting.dropMomentary();
    for (const [packetId] of this.#unacknowledged.momentary()) this.#release(packetId, "lost");
    this.#writer.close();
    this.#writer = undefined;
    this.#options.budget.move(this.#queuedBytes, false);
  }

  /** The session has ended; nothing is taken any more. */
  end(): void {
    this.#hasEnded = true;
    this.detach();
    this.#room.drops.tell();
    this.#replays.clear();
    this.#waiting.clear();
    this.#unacknowledged.clear();
    this.#countQueued(-this.#queuedBytes);
  }

  /**
   * Sends a live message when its turn comes; at QoS 0 now or never. With `tell` it is for a client
   * that is there, and not sent again.
   */
  deliver(message: OutboundMessage, grant: Grant, tell?: TellFate): void {
    const next = outgoing(message, grant, message.retain && grant.retainAsPublished, tell);
    if ((next.qos === 0 && !this.isAttached) || !this.#room.fits(message, next.qos)) {
      tell?.("dropped");
    } else if (next.qos === 0) {
      if (!next.retain && next.identifiers.length === 0) this.#writer?.live(message);
      else this.#send(next);
      tell?.("written");
    } else {
      message.keep();
      this.#countQueued(message.costBytes);
      this.#waiting.add(next);
      this.#pump();
    }
  }

  /** Takes back what was not sent yet; false when it was. */
  recall(tell: TellFate): boolean {
    return this.#waiting.recall(tell);
  }

  /** Sends the retained messages that a filter brings, instead of any it still brings. */
  replay(filter: string, replay: Replay, grant: Grant): void {
    this.#replays.set(filter, replay, grant);
    this.#pump();
  }

  cancelReplay(filter: string): void {
    this.#replays.cancel(filter);
  }

  /** Sends an answer to a packet of the subscriber. */
  answer(bytes: Buffer): void {
    this.#writer?.write(bytes);
  }

  /** PUBACK, with its reason code; without effect for a number that waits for none. */
  acknowledged(packetId: number, code: number): void {
    if (this.#unacknowledged.get(packetId)?.qos === 1) this.#finish(packetId, code);
  }

  /** PUBREC: the message arrived, its number stays in use. It is answered whatever the number. */
  received(packetId: number): void {
    const sent = this.#unacknowledged.get(packetId);
    if (sent?.qos === 2 && sent.message !== undefined) {
      this.#countQueued(-sent.message.costBytes);
      sent.message = undefined;
    }
    this.#writer?.pubrel(packetId, sent?.qos === 2);
  }

  /** PUBREC that says no: the message was not taken, and its number is free. */
  refused(packetId: number): void {
    if (this.#unacknowledged.get(packetId)?.qos === 2) this.#finish(packetId);
  }

  /** PUBCOMP; without effect before the PUBREC. */
  completed(packetId: number): void {
    const sent = this.#unacknowledged.get(packetId);
    if (sent?.qos === 2 && sent.message === undefined) this.#finish(packetId);
  }

  get #nowMs(): number {
    return this.#options.clock.monotonicMs();
  }

  #finish(packetId: number, fate?: Fate): void {
    this.#release(packetId, fate);
    this.#pump();
  }

  #release(packetId: number, fate: Fate = "dropped"): void {
    const sent = this.#unacknowledged.get(packetId);
    this.#unacknowledged.delete(packetId);
    if (sent?.message !== undefined) this.#countQueued(-sent.message.costBytes);
    sent?.tell?.(fate);
  }

  /** Sends as long as the socket takes it and the subscriber acknowledges. */
  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    while (this.#writer?.full === false && this.#isRoom) {
      if (this.#sendAgain()) continue;
      const next = this.#nextReplayed() ?? this.#waiting.next(this.#nowMs);
      if (next === undefined) break;
      this.#send(next);
    }
    this.#pumping = false;
  }

  get #isRoom(): boolean {
    return this.#unacknowledged.underWay < this.#terms.maxInFlight;
  }

  /** The next retained message, counted; nothing while much is under way. */
  #nextReplayed(): Outgoing | undefined {
    const maxBytes = this.#options.budget.maxSubscriberBytes * replayShare;
    const next = this.#queuedBytes > maxBytes ? undefined : this.#replays.next(this.#nowMs);
    if (next !== undefined && next.qos > 0) this.#countQueued(next.message?.costBytes ?? 0);
    return next;
  }

  /** Sends what a former connection was sent already, one; false when there is none or no room. */
  #sendAgain(): boolean {
    const next = this.#isRoom ? this.#unacknowledged.nextAgain() : undefined;
    if (next === undefined) return false;
    const { packetId, again } = next;
    const { message } = again;
    if (message === undefined) this.#writer?.pubrel(packetId, true);
    else if (!this.#writer?.publish(message, again, packetId, true)) this.#finish(packetId);
    return true;
  }

  #send(next: Outgoing): void {
    const { message, qos } = next;
    if (message === undefined) return;
    const packetId = qos === 0 ? 0 : this.#unacknowledged.freePacketId();
    if (this.#writer?.publish(message, next, packetId, false)) {
      if (qos > 0) this.#unacknowledged.add(packetId, next);
    } else if (qos > 0) {
      this.#countQueued(-message.costBytes);
      next.tell?.("dropped");
    }
  }

  #countQueued(bytes: number): void {
    this.#options.budget.add(bytes, this.#writer !== undefined);
    this.#queuedBytes += bytes;
  }
}
