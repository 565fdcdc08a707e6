/**
 * The messages of one sender that wait for the disk, oldest first. Acknowledgments leave a lane in
 * the order in which its messages came, whatever order their records become durable in.
 */
import { isDurable, type Receipt } from "../core/receipt.ts";
import type { CountedLane, InFlight } from "./in-flight.ts";

/** What a message costs above its own bytes, so that one bound limits both bytes and messages. */
const overheadBytes = 512;

/** Who answers the messages of a lane. */
export interface LaneOwner<T> {
  /** The message and all before it are on disk. */
  acked(message: T): void;
  /** All that can be acknowledged for now was: what the answers gathered may go out together. */
  answered(): void;
  /** More may be read. */
  resume(): void;
}

/** A message that waits for what vouches for it. */
export interface Waiting<T> {
  readonly message: T;
  readonly receipt: Receipt;
}

interface Entry<T> extends Waiting<T> {
  readonly costBytes: number;
  next: Entry<T> | undefined;
}

export class Lane<T> implements CountedLane {
  readonly #inFlight: InFlight;
  readonly #owner: LaneOwner<T>;
  #head: Entry<T> | undefined;
  #tail: Entry<T> | undefined;
  #bytes = 0;

  constructor(inFlight: InFlight, owner: LaneOwner<T>) {
    this.#inFlight = inFlight;
    this.#owner = owner;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#head === undefined;
  }

  /** Puts a message of so many bytes behind the others; it waits for its record and for them. */
  add(message: T, bytes: number, receipt: Receipt): void {
    const costBytes = bytes + overheadBytes;
    const entry = { receipt, costBytes, message, next: undefined };
    if (this.#tail === undefined) {
      this.#head = entry;
      this.#inFlight.begin(this);
      if (isDurable(receipt, this.#inFlight.durableSeq)) this.#inFlight.releaseSoon();
    } else {
      this.#tail.next = entry;
    }
    this.#tail = entry;
    this.#bytes += costBytes;
    this.#inFlight.grow(this, costBytes);
  }

  release(): boolean {
    const { durableSeq } = this.#inFlight;
    let entry = this.#head;
    if (entry === undefined) return true;
    if (!isDurable(entry.receipt, durableSeq)) return false;
    let freedBytes = 0;
    while (entry !== undefined && isDurable(entry.receipt, durableSeq)) {
      freedBytes += entry.costBytes;
      this.#owner.acked(entry.message);
      entry = entry.next;
    }
    this.#head = entry;
    if (entry === undefined) this.#tail = undefined;
    this.#bytes -= freedBytes;
    this.#inFlight.shrink(freedBytes);
    this.#owner.answered();
    return entry === undefined;
  }

  /** All that wait, oldest first. */
  *waiting(): Iterable<Waiting<T>> {
    for (let entry = this.#head; entry !== undefined; entry = entry.next) yield entry;
  }

  resume(): void {
    this.#owner.resume();
  }
}
