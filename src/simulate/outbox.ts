/** One numbered event of a device, as it is sent: the same bytes however often. */
export interface OutboxEvent {
  readonly n: number;
  readonly payload: string;
}

/**
 * Everything a device made and holds no PUBACK for, in order. On each new connection all of it is
 * sent again before anything newer, so that order holds over any number of cuts.
 *
 * Invariant: events that are under way stand before those that are not.
 */
export class Outbox {
  readonly #capacity: number;
  readonly #waiting: OutboxEvent[] = [];
  /** Packet ids of the first events of `#waiting`, in the same order. */
  #underWay: number[] = [];
  #highestSent = 0;
  #resent = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#waiting.length;
  }

  get full(): boolean {
    return this.#waiting.length >= this.#capacity;
  }

  /** Events on this connection that wait for their PUBACK. */
  get underWay(): number {
    return this.#underWay.length;
  }

  /** Events that were sent once more, on a later connection. */
  get resent(): number {
    return this.#resent;
  }

  /** Keeps an event. Not to be called when full. */
  keep(event: OutboxEvent): void {
    this.#waiting.push(event);
  }

  /** The next event to send on this connection; undefined when all are under way. */
  next(): OutboxEvent | undefined {
    return this.#waiting[this.#underWay.length];
  }

  /** The event that `next` gave went out under this packet id. */
  sent(packetId: number): void {
    const event = this.next();
    if (!event) return;
    if (event.n <= this.#highestSent) this.#resent += 1;
    this.#highestSent = Math.max(this.#highestSent, event.n);
    this.#underWay.push(packetId);
  }

  /** Its PUBACK came: lets the event go and gives it; undefined for a packet id not under way. */
  acked(packetId: number): OutboxEvent | undefined {
    const at = this.#underWay.indexOf(packetId);
    if (at < 0) return undefined;
    this.#underWay.splice(at, 1);
    return this.#waiting.splice(at, 1)[0];
  }

  /** The connection is gone: nothing is under way any more. */
  rewind(): void {
    this.#underWay = [];
  }
}
