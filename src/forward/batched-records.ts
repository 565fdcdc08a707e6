/** The records of a lane of batches: which are under way, which are stored, which were refused. */
import type { GatewayError } from "../core/errors.ts";
import { type StreamSeq, toStreamSeq } from "../core/ids.ts";
import type { StoredRecord } from "../core/record.ts";
import type { LaneOptions, LaneRest } from "./lane.ts";
import { restOf, SlotRing } from "./slot-ring.ts";

export class BatchedRecords {
  readonly #options: LaneOptions;
  readonly #slots: SlotRing;
  #next = 0;
  #confirmed = 0;
  #answered = 0;
  #unconfirmedBytes = 0;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#slots = new SlotRing(options.window);
  }

  /** The number of the next record, from 0. */
  get next(): number {
    return this.#next;
  }

  /** The number of the first that is not known to be stored. */
  get confirmed(): number {
    return this.#confirmed;
  }

  get unconfirmed(): number {
    return this.#next - this.#confirmed;
  }

  get unconfirmedBytes(): number {
    return this.#unconfirmedBytes;
  }

  /** About so many something is still to come. */
  get unanswered(): number {
    return this.#next - this.#answered;
  }

  /** The only sequence that record `n` can get. */
  placeOf(n: number): StreamSeq {
    return toStreamSeq(this.#options.lastStreamSeq + 1 + n);
  }

  add(record: StoredRecord, bytes: number): void {
    this.#slots.fill(this.#next, record, bytes);
    this.#unconfirmedBytes += bytes;
    this.#next += 1;
  }

  /** The records before number `end`, which were sent, are stored. */
  confirm(end: number): void {
    const from = this.#confirmed;
    if (end <= from) return;
    for (let n = from; n < end; n += 1) this.#unconfirmedBytes -= this.#slots.at(n).bytes;
    this.#confirmed = end;
    this.answer(end);
    const { run, seq } = this.#slots.at(end - 1);
    this.#options.onConfirmed({ run, seq, streamSeq: this.placeOf(end - 1) }, end - from);
  }

  /** Nothing more is to come about the records before number `end`. */
  answer(end: number): void {
    this.#answered = Math.max(this.#answered, Math.min(end, this.#next));
  }

  /** Record `n` is stored nowhere, as far as the server knows that says so. */
  refuse(n: number, refusal: GatewayError): void {
    if (n >= this.#confirmed && n < this.#next) this.#slots.at(n).refusal ??= refusal;
  }

  rest(): LaneRest {
    return restOf(this.#slots, this.#confirmed, this.#next, this.#options.lastStreamSeq);
  }
}
