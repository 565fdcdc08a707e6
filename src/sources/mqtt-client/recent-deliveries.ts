/**
 * The last messages of a session: what the broker sends again after a torn connection is known, and
 * not stored twice.
 *
 * A message sent again has DUP, its packet identifier and its content. One that was not acknowledged
 * is known by them beyond doubt, since its number cannot have been given to another. One that was
 * acknowledged a moment before the connection broke is known only with a broker that gives out
 * numbers in turn: where one gives a number again at once, the message may be a new one with the
 * same words, and is stored.
 */
import type { Receipt } from "../../core/receipt.ts";

/** A message of the session. */
export interface Taken {
  readonly packetId: number;
  readonly hash: number;
  readonly receipt: Receipt;
  /** A PUBACK was written for it. */
  isAcknowledged: boolean;
}

export class RecentDeliveries {
  readonly #capacity: number;
  readonly #ring: Taken[] = [];
  readonly #byId = new Map<number, Taken>();
  #next = 0;
  /** A number came twice among so few messages: numbers are not given out in turn. */
  #repeats = false;

  /** As many as the broker may send before one is acknowledged. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** The message that this one with DUP is again. */
  find(packetId: number, hash: number): Taken | undefined {
    const taken = this.#byId.get(packetId);
    if (taken?.hash !== hash) return undefined;
    return taken.isAcknowledged && this.#repeats ? undefined : taken;
  }

  add(packetId: number, hash: number, receipt: Receipt): Taken {
    const taken = { packetId, hash, receipt, isAcknowledged: false };
    const oldest = this.#ring[this.#next];
    if (oldest !== undefined && this.#byId.get(oldest.packetId) === oldest)
      this.#byId.delete(oldest.packetId);
    if (this.#byId.has(packetId)) this.#repeats = true;
    this.#ring[this.#next] = taken;
    this.#byId.set(packetId, taken);
    this.#next = (this.#next + 1) % this.#capacity;
    return taken;
  }

  /** The session began anew: numbers mean other messages now. */
  clear(): void {
    this.#ring.length = 0;
    this.#byId.clear();
    this.#next = 0;
    this.#repeats = false;
  }
}
