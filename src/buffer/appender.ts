/**
 * Gives records their places in the log: the next seq, or that of the copy a device sent before.
 * What it adds to the queue becomes durable with the next commit.
 */
import type { Clock } from "../core/clock.ts";
import { eventKinds } from "../core/event-kind.ts";
import { eventIdOf, type GatewayId, type RunId, toSeq } from "../core/ids.ts";
import type { RecordDraft } from "../core/record-draft.ts";
import { escapeToken } from "../core/token.ts";
import type { Done } from "./batch.ts";
import type { CommitQueue } from "./commit-queue.ts";
import type { Committer } from "./committer.ts";
import { rankOf } from "./format/frame.ts";
import { gapRangesOf } from "./format/gap-ranges.ts";
import type { IdentityIndex } from "./identity-index.ts";
import type { LogMetrics } from "./log-metrics.ts";
import type { LossBook } from "./losses/loss-book.ts";
import type { LastWrite } from "./recovery/last-write.ts";

/** The token of the gateway's own events. */
export const ownToken = "=";
/** Of UTF-8, for each unit of a text's length. */
const mostBytesPerUnit = 3;

export interface AppenderParts {
  readonly run: RunId;
  readonly gateway: GatewayId;
  readonly clock: Clock;
  /** A larger event is not stored; its loss is declared. */
  readonly maxRecordBytes: number;
  readonly identities: IdentityIndex;
  readonly queue: CommitQueue;
  readonly committer: Committer;
  readonly losses: LossBook;
  /** Of the run before, where the medium may not have it. */
  readonly lastWrite: LastWrite | undefined;
  readonly metrics: LogMetrics;
}

export class Appender {
  readonly #parts: AppenderParts;
  #lastSeq: number;

  /** `lastSeq` is the highest seq that was given out by earlier runs. */
  constructor(parts: AppenderParts, lastSeq: number) {
    this.#parts = parts;
    this.#lastSeq = lastSeq;
  }

  /** The highest seq that was given out. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** As `RecordLog` has it. */
  append(draft: RecordDraft, done?: Done): void {
    const { identities, lastWrite, metrics, queue } = this.#parts;
    const token = draft.device === null ? ownToken : escapeToken(draft.device);
    if (draft.identity && identities.has(token, draft.identity)) {
      metrics.resent();
      if (!done || queue.addDone(done)) return;
      if (!lastWrite || lastWrite.isSettled) queueMicrotask(done);
      else lastWrite.addDone(done);
      return;
    }
    this.appendNew(draft, token, done);
  }

  /** Appends without looking for an earlier copy. */
  appendNew(draft: RecordDraft, token: string, done?: Done): void {
    const { clock, committer, gateway, identities, losses, maxRecordBytes, queue, run } =
      this.#parts;
    const { delivery, identity, kind, recordClass } = draft;
    const seq = toSeq(this.#lastSeq + 1);
    const text = draft.encode(eventIdOf(gateway, run, seq));
    this.#lastSeq = seq;
    if (text.length * mostBytesPerUnit > maxRecordBytes) {
      const bytes = Buffer.byteLength(text);
      if (bytes > maxRecordBytes) {
        if (identity) identities.add(token, identity, seq);
        losses.declareTooLarge({ run, seq, recordClass }, bytes, () => done?.());
        return;
      }
    }
    const appendedMs = Math.max(0, Math.floor(clock.wallMs()));
    const batch = queue.open();
    const rank = rankOf(recordClass);
    batch.add(seq, appendedMs, eventKinds[kind].code, rank, token, identity, text, delivery);
    if (kind === "gap") batch.tally.addGap(gapRangesOf(text));
    if (identity) identities.add(token, identity, seq);
    if (done) batch.addDone(done);
    committer.wake();
  }
}
