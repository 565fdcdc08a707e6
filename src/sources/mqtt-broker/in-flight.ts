/**
 * What was given to the sink and is not yet on disk, and who is held back for it.
 *
 * Each connection has a lane. Acknowledgments leave a lane in the order in which its messages came,
 * whatever order the sink gives them in. A message counts with a fixed amount above its own bytes,
 * so that one bound limits both bytes and messages.
 *
 * Invariants
 * - A message counts from the sink until its `ack`, also when its client is long gone.
 * - A held lane goes on after the turn in which messages were acknowledged, never inside an `ack`:
 *   the sink is not entered again from its own call.
 */
import type { EpochMs } from "../../core/clock.ts";
import type { DeviceId } from "../../core/ids.ts";
import { type MessageAttributes, noAttributes, type RawMessage } from "../../core/message.ts";
import type { OpenDelivery } from "./open-delivery.ts";

/** What a message costs above topic and payload: objects, and its part of a read buffer. */
const overheadBytes = 512;
/** One client may use this part of the whole. */
const clientShare = 1 / 8;
/** Held lanes go on once no more than this part of a bound is used. */
const resumeShare = 1 / 2;

/** The bound over all clients. */
export class InFlight {
  readonly #maxBytes: number;
  readonly #held = new Set<Lane>();
  #bytes = 0;
  #resuming = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** What may wait. */
  get maxBytes(): number {
    return this.#maxBytes;
  }

  /** How many clients are held back. */
  get held(): number {
    return this.#held.size;
  }

  /** True while the lane may bring more; otherwise it is held, and resumed later. */
  mayRead(lane: Lane): boolean {
    if (this.#fits(lane, 1)) return true;
    this.#held.add(lane);
    return false;
  }

  /** The lane has so many bytes more. */
  grow(lane: Lane, bytes: number): void {
    this.#bytes += bytes;
    this.mayRead(lane);
  }

  /** Some lane has so many bytes less. */
  shrink(bytes: number): void {
    this.#bytes -= bytes;
    if (this.#held.size === 0 || this.#resuming) return;
    this.#resuming = true;
    queueMicrotask(() => this.#resume());
  }

  /** The lane's client is gone; nothing is to be resumed. */
  forget(lane: Lane): void {
    this.#held.delete(lane);
  }

  #resume(): void {
    this.#resuming = false;
    for (const lane of [...this.#held]) {
      if (!this.#fits(lane, resumeShare)) continue;
      this.#held.delete(lane);
      lane.resume();
    }
  }

  #fits(lane: Lane, share: number): boolean {
    return (
      lane.bytes < this.#maxBytes * clientShare * share && this.#bytes < this.#maxBytes * share
    );
  }
}

/** What a client sent. */
export interface LaneEntry {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly receivedMs: EpochMs;
  readonly will: boolean;
  /** Settled by the message's ack. */
  readonly opens?: OpenDelivery | undefined;
  /** Runs once the message and all before it are acked. */
  readonly whenAcked: (() => void) | undefined;
}

/** Who sends on a lane. */
export interface Sender {
  readonly source: string;
  readonly client: string;
  readonly device: DeviceId | undefined;
}

/** The messages of one connection that wait for the disk, oldest first. */
export class Lane {
  readonly #inFlight: InFlight;
  /** Makes the client's bytes flow again. */
  readonly resume: () => void;
  #head: InboundMessage | undefined;
  #tail: InboundMessage | undefined;
  #bytes = 0;

  constructor(inFlight: InFlight, resume: () => void) {
    this.#inFlight = inFlight;
    this.resume = resume;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Puts a message behind the others. */
  add(sender: Sender, entry: LaneEntry): RawMessage {
    const message = new InboundMessage(this, sender, entry);
    if (this.#tail === undefined) this.#head = message;
    else this.#tail.next = message;
    this.#tail = message;
    this.#bytes += message.costBytes;
    this.#inFlight.grow(this, message.costBytes);
    return message;
  }

  /** Lets go of everything at the front that is acked. */
  settle(): void {
    while (this.#head?.acked) {
      const message: InboundMessage = this.#head;
      this.#head = message.next;
      if (this.#head === undefined) this.#tail = undefined;
      this.#bytes -= message.costBytes;
      this.#inFlight.shrink(message.costBytes);
      message.whenAcked?.();
      message.behind?.();
    }
  }

  /** Resolves when all that is in the lane now was acked and let go of. */
  settled(): Promise<void> {
    const last = this.#tail;
    if (last === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      const before = last.behind;
      last.behind = () => {
        before?.();
        resolve();
      };
    });
  }
}

const ofWills: MessageAttributes = { will: true };

/** A message in its lane; the sink sees it as a `RawMessage`. */
class InboundMessage implements RawMessage {
  readonly source: string;
  readonly client: string;
  readonly device: DeviceId | undefined;
  readonly address: string;
  readonly payload: Uint8Array;
  readonly receivedMs: EpochMs;
  readonly attributes: MessageAttributes;
  readonly costBytes: number;
  readonly whenAcked: (() => void) | undefined;
  readonly #opens: OpenDelivery | undefined;
  readonly #lane: Lane;
  acked = false;
  /** Runs after `whenAcked`: what came in between this message and the next one. */
  behind: (() => void) | undefined;
  next: InboundMessage | undefined;

  constructor(lane: Lane, sender: Sender, entry: LaneEntry) {
    const { topic, payload, receivedMs, will, opens, whenAcked } = entry;
    this.source = sender.source;
    this.client = sender.client;
    this.device = sender.device;
    this.address = topic;
    this.payload = payload;
    this.receivedMs = receivedMs;
    this.costBytes = topic.length + payload.length + overheadBytes;
    this.whenAcked = whenAcked;
    this.#opens = opens;
    this.attributes = will ? ofWills : opens?.kept ? { delivery: opens } : noAttributes;
    this.#lane = lane;
  }

  ack(): void {
    if (this.acked) return;
    this.acked = true;
    this.#opens?.settle();
    this.#lane.settle();
  }
}
