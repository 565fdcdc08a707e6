/**
 * Gives records their places in the log: the next seq, or that of the copy a device sent before.
 * What it adds to the queue becomes durable with the next commit.
 */
import type { Clock } from "../core/clock.ts";
import { eventFront, joinEvent } from "../core/event-front.ts";
import { gapRangesOf } from "../core/gap-range.ts";
import { type GatewayId, type RunId, type Seq, toSeq } from "../core/ids.ts";
import type { RecordDraft } from "../core/record-draft.ts";
import type { CommitQueue } from "./commit-queue.ts";
import type { Committer } from "./committer.ts";
import type { KnownMessages } from "./known-messages.ts";
import type { LogMetrics } from "./log-metrics.ts";
import type { LossBook } from "./losses/loss-book.ts";

/** Of UTF-8, for each unit of a text's length. */
const mostBytesPerUnit = 3;

export interface AppenderParts {
  readonly run: RunId;
  readonly gateway: GatewayId;
  readonly clock: Clock;
  /** A larger event is not stored; its loss is declared. */
  readonly maxRecordBytes: number;
  readonly identities: KnownMessages;
  readonly queue: CommitQueue;
  readonly committer: Committer;
  readonly losses: LossBook;
  readonly metrics: LogMetrics;
}

export class Appender {
  readonly #parts: AppenderParts;
  readonly #front: string;
  readonly #foundSeq: number;
  #lastSeq: number;
  #turnMs: number | undefined;
  /** The next record is of the same message as the last. */
  #isWithin = false;

  /** `foundSeq` is the highest seq that was given out by earlier runs. */
  constructor(parts: AppenderParts, foundSeq: number) {
    this.#parts = parts;
    this.#front = eventFront(parts.gateway, parts.run);
    this.#foundSeq = foundSeq;
    this.#lastSeq = foundSeq;
  }

  /** The highest seq that was given out. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** As `LogWriter` has it. */
  append(draft: RecordDraft): Seq {
    const { deviceToken, identity } = draft;
    if (identity === undefined) return this.#appendNew(draft);
    const { identities, metrics } = this.#parts;
    const copy = identities.find(deviceToken, identity);
    if (copy !== undefined) {
      metrics.resent();
      // Which record of an earlier run it was is not known; all of them vouch for it.
      return toSeq(Math.max(copy, this.#foundSeq));
    }
    const seq = this.#appendNew(draft);
    identities.add(deviceToken, identity, seq);
    return seq;
  }

  #appendNew(draft: RecordDraft): Seq {
    const { committer, losses, maxRecordBytes, queue, run } = this.#parts;
    const seq = toSeq(this.#lastSeq + 1);
    const text = joinEvent(this.#front, seq, draft.tail);
    this.#lastSeq = seq;
    const stays = this.#isWithin;
    this.#isWithin = (draft.delivery?.part?.following ?? 0) > 0;
    if (text.length * mostBytesPerUnit > maxRecordBytes) {
      const bytes = Buffer.byteLength(text);
      if (bytes > maxRecordBytes)
        return losses.declareTooLarge({ run, seq, recordClass: draft.recordClass }, bytes);
    }
    const batch = queue.open(stays);
    batch.add(seq, this.#wallMs(), draft, text);
    if (draft.kind === "gap") batch.tally.addGap(gapRangesOf(text));
    committer.wake();
    return seq;
  }

  /** The time, read once for all that is appended in one turn. */
  #wallMs(): number {
    this.#turnMs ??= this.#readClock();
    return this.#turnMs;
  }

  #readClock(): number {
    queueMicrotask(this.#endTurn);
    return Math.max(0, Math.floor(this.#parts.clock.wallMs()));
  }

  readonly #endTurn = (): void => {
    this.#turnMs = undefined;
  };
}
