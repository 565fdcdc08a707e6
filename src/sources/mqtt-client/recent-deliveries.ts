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
  readonly #enough: number;
  /** The oldest first. */
  readonly #byId = new Map<number, Taken>();
  /** A number came twice among so few messages: numbers are not given out in turn. */
  #repeats = false;

  /** So many are known at least; of those that are not acknowledged all, of which numbers bound how many. */
  constructor(enough: number) {
    this.#enough = enough;
  }

  /** The message that this one with DUP is again. */
  find(packetId: number, hash: number): Taken | undefined {
    const taken = this.#byId.get(packetId);
    if (taken?.hash !== hash) return undefined;
    return taken.isAcknowledged && this.#repeats ? undefined : taken;
  }

  add(packetId: number, hash: number, receipt: Receipt): Taken {
    const taken = { packetId, hash, receipt, isAcknowledged: false };
    if (this.#byId.delete(packetId)) this.#repeats = true;
    this.#byId.set(packetId, taken);
    for (const oldest of this.#byId.values()) {
      if (this.#byId.size <= this.#enough || !oldest.isAcknowledged) break;
      this.#byId.delete(oldest.packetId);
    }
    return taken;
  }

  /** The session began anew: numbers mean other messages now. */
  clear(): void {
    this.#byId.clear();
    this.#repeats = false;
  }
}
