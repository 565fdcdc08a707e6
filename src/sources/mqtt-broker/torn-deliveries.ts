/**
 * Messages with several events of which a crash left only some on disk. Their clients have heard
 * nothing and send them again; then the events that are missing are stored, and no others.
 */
import type { DeliveryPart } from "../../core/delivery-part.ts";
import type { Delivery } from "../../core/record.ts";

export interface TornDelivery {
  readonly delivery: Delivery;
  /** Those that are on disk, by how many follow them. */
  readonly parts: ReadonlyMap<number, DeliveryPart>;
}

export class TornDeliveries {
  readonly #byNumber = new Map<string, TornDelivery>();

  add(torn: TornDelivery): void {
    this.#byNumber.set(keyOf(torn.delivery), torn);
  }

  /**
   * What is on disk of a message that is sent now; undefined for one of which nothing is. The number
   * is this message's from here on.
   */
  take(delivery: Delivery): TornDelivery | undefined {
    if (this.#byNumber.size === 0) return undefined;
    const key = keyOf(delivery);
    const torn = this.#byNumber.get(key);
    this.#byNumber.delete(key);
    return torn?.delivery.hash === delivery.hash ? torn : undefined;
  }

  /** The client begins anew. */
  forget(session: string): void {
    for (const [key, { delivery }] of this.#byNumber)
      if (delivery.session === session) this.#byNumber.delete(key);
  }

  all(): Iterable<TornDelivery> {
    return this.#byNumber.values();
  }
}

/** As many deliveries as there are parts on disk: how the table has them. */
export function partsOf({ delivery, parts }: TornDelivery): Delivery[] {
  return Array.from(parts.values(), (part) => ({ ...delivery, part }));
}

function keyOf({ packetId, session }: Delivery): string {
  return `${session} ${packetId}`;
}
