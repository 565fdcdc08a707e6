import { bug, type GatewayError } from "../core/errors.ts";
import type { RecordClass } from "../core/event-kind.ts";
import { type RunId, type Seq, toStreamSeq } from "../core/ids.ts";
import type { StoredRecord } from "../core/record.ts";
import type { Candidate } from "./give-up.ts";
import type { LaneRest } from "./lane.ts";
import type { RefusedRecord } from "./taken-places.ts";

/** A record on its way and what became of it. */
export interface Slot {
  run: RunId;
  seq: Seq;
  recordClass: RecordClass;
  /** Of the whole message. */
  bytes: number;
  /** 0 until acknowledged. */
  streamSeq: number;
  refusal: GatewayError | undefined;
}

/** The slots of one window; each is used again for the message a window later. */
export class SlotRing {
  readonly #slots: Slot[] = [];
  readonly #window: number;

  constructor(window: number) {
    this.#window = window;
  }

  /** The slot of message `n`, which was filled. */
  at(n: number): Slot {
    return this.#slots[n % this.#window] ?? bug(`message ${n} was never published`);
  }

  /** Takes record `n`, unanswered; messages are filled in order, from 0. */
  fill(n: number, { run, seq, recordClass }: StoredRecord, bytes: number): void {
    if (this.#slots.length < this.#window) {
      this.#slots.push({ run, seq, recordClass, bytes, streamSeq: 0, refusal: undefined });
      return;
    }
    const slot = this.at(n);
    slot.run = run;
    slot.seq = seq;
    slot.recordClass = recordClass;
    slot.bytes = bytes;
    slot.streamSeq = 0;
    slot.refusal = undefined;
  }
}

/** What became of messages `from` to before `to`, of a lane that begins behind `lastStreamSeq`. */
export function restOf(slots: SlotRing, from: number, to: number, lastStreamSeq: number): LaneRest {
  let tooLarge: Candidate | undefined;
  const refused: RefusedRecord[] = [];
  for (let n = from; n < to; n += 1) {
    const { recordClass, refusal, run, seq } = slots.at(n);
    if (!refusal) continue;
    const record = { recordClass, run, seq };
    if (refusal.disposition === "reject") tooLarge ??= record;
    else refused.push({ ...record, place: toStreamSeq(lastStreamSeq + 1 + n) });
  }
  return { tooLarge, refused };
}
