/**
 * What may wait for all subscribers together. Those that are away get half of it at most, so that
 * they cannot take the room of those that are there, and are not concerned by what those have.
 */

/** One subscriber may have this part of the whole. */
const subscriberShare = 1 / 16;
const absentShare = 1 / 2;
/** Of what a subscriber may have, messages of QoS 0 get this part: they are the first to go. */
const atOnceShare = 1 / 2;

/** Which bound a message was one too many for; `packet`: it is larger than its subscriber takes. */
export type OutboxBound = "subscriber" | "all subscribers" | "packet";

export class OutboxBudget {
  readonly #maxBytes: number;
  #presentBytes = 0;
  #absentBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** What all subscribers may have waiting. */
  get maxBytes(): number {
    return this.#maxBytes;
  }

  get bytes(): number {
    return this.#presentBytes + this.#absentBytes;
  }

  /** What those that are away may have waiting together. */
  get maxAbsentBytes(): number {
    return this.#maxBytes * absentShare;
  }

  /** What one subscriber may have waiting. */
  get maxSubscriberBytes(): number {
    return this.#maxBytes * subscriberShare;
  }

  /**
   * Undefined when a subscriber that has `waiting` bytes may get so many more. One that is there and
   * has nothing waiting may always get one message, whatever its size.
   */
  boundFor(
    waiting: number,
    bytes: number,
    { present, qos }: { readonly present: boolean; readonly qos: number },
  ): OutboxBound | undefined {
    if (present && waiting === 0) return undefined;
    const own = this.maxSubscriberBytes * (qos === 0 ? atOnceShare : 1);
    if (waiting > 0 && waiting + bytes > own) return "subscriber";
    const full = present
      ? this.bytes + bytes > this.#maxBytes
      : this.#absentBytes + bytes > this.maxAbsentBytes;
    return full ? "all subscribers" : undefined;
  }

  /** Something waits that did not, or with a negative number the other way round. */
  add(bytes: number, present: boolean): void {
    if (present) this.#presentBytes += bytes;
    else this.#absentBytes += bytes;
  }

  /** One that has so much waiting came, or went away. */
  move(bytes: number, present: boolean): void {
    this.add(bytes, present);
    this.add(-bytes, !present);
  }
}
