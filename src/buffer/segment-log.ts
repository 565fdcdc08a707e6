/**
 * The durable log of one gateway, as the other rooms see it: append, read, confirm, regress.
 *
 * The work is done by its parts; `open-segment-log.ts` finds what is on disk and joins them.
 */
import type { Clock, EpochMs } from "../core/clock.ts";
import type { Disk } from "../core/disk.ts";
import { GatewayError } from "../core/errors.ts";
import { eventKinds } from "../core/event-kind.ts";
import { eventIdOf, type GatewayId, type RunId, type Seq, toSeq } from "../core/ids.ts";
import type { Logger } from "../core/logger.ts";
import type {
  LogReader,
  LogState,
  RecordDraft,
  RecordLog,
  StreamPosition,
} from "../core/record.ts";
import { escapeToken } from "../core/token.ts";
import type { Done } from "./batch.ts";
import type { ClassDrops } from "./class-drops.ts";
import type { CommitQueue } from "./commit-queue.ts";
import type { Committer } from "./committer.ts";
import { countForgotten } from "./find-losses.ts";
import { rankOf } from "./frame.ts";
import { gapRangesOf } from "./gap-ranges.ts";
import type { IdentityIndex } from "./identity-index.ts";
import type { LastWrite } from "./last-write.ts";
import type { LogMetrics } from "./log-metrics.ts";
import type { LossBook } from "./loss-book.ts";
import type { Positions } from "./positions.ts";
import { ReadMarks } from "./read-marks.ts";
import { SegmentReader } from "./reader.ts";
import type { Retention } from "./retention.ts";
import { lastSeqOf } from "./segment.ts";
import type { SegmentTable } from "./segment-table.ts";

/** The token of the gateway's own events. */
const ownToken = "=";
/** Of UTF-8, for each unit of a text's length. */
const mostBytesPerUnit = 3;

export interface SegmentLogParts {
  readonly run: RunId;
  readonly gateway: GatewayId;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly maxBytes: number;
  /** A larger event is not stored; its loss is declared. */
  readonly maxRecordBytes: number;
  readonly table: SegmentTable;
  readonly identities: IdentityIndex;
  readonly positions: Positions;
  readonly queue: CommitQueue;
  readonly committer: Committer;
  readonly retention: Retention;
  readonly drops: ClassDrops;
  readonly losses: LossBook;
  /** Of the run before, where the medium may not have it. */
  readonly lastWrite: LastWrite | undefined;
  readonly metrics: LogMetrics;
  readonly lastAppendedMs: EpochMs | undefined;
  /** Ends everything that runs beside commits. */
  readonly stop: () => Promise<void>;
}

/** A log that can be closed. */
export interface SegmentLog extends RecordLog {
  /**
   * Makes durable what was appended, as far as the disk takes it at once, and lets go of the files.
   * What is appended later is told so. Once it resolves nothing is written and nothing deleted any
   * more, whatever readers meet: the folder may be somebody else's.
   */
  close(): Promise<void>;
}

export class JoinedLog implements SegmentLog {
  readonly #parts: SegmentLogParts;
  readonly #marks = new ReadMarks();
  readonly #listeners = new Set<() => void>();
  #lastSeq: number;
  #closed = false;

  /** `lastSeq` is the highest seq that was given out by earlier runs. */
  constructor(parts: SegmentLogParts, lastSeq: number) {
    this.#parts = parts;
    this.#lastSeq = lastSeq;
  }

  get run(): RunId {
    return this.#parts.run;
  }

  get durableSeq(): Seq {
    return toSeq(this.#parts.committer.durableSeq);
  }

  get lastSeq(): Seq {
    return toSeq(this.#lastSeq);
  }

  get firstSeq(): Seq {
    return toSeq(this.#parts.table.firstSeq ?? this.#lastSeq + 1);
  }

  get confirmed(): StreamPosition | undefined {
    return this.#parts.positions.confirmed;
  }

  get lastAppendedMs(): EpochMs | undefined {
    return this.#parts.lastAppendedMs;
  }

  append(draft: RecordDraft, done?: Done): void {
    if (this.#closed) {
      done?.(new GatewayError("shutdown", "cannot append: the buffer is closed"));
      return;
    }
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

  /** Appends without looking for an earlier copy, also while the log is closing. */
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

  onDurable(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls those who asked to be told of commits. */
  tellDurable(): void {
    for (const listener of this.#listeners) {
      try {
        listener();
      } catch (thrown) {
        this.#parts.logger.error("whoever was told of a commit failed", {
          failure: String(thrown),
        });
      }
    }
  }

  async openReader(after: Seq, options?: { readonly publishing?: boolean }): Promise<LogReader> {
    const { disk, losses, positions, table } = this.#parts;
    const publishing = options?.publishing ?? false;
    return new SegmentReader(
      {
        disk,
        table,
        beforeSegment: async ({ firstSeq }) => {
          if (publishing) await positions.namePublished(firstSeq);
        },
        mustWait: () => this.#closed || (publishing && losses.isDeclaring),
        onMissing: (segment, lost, bad) => losses.reportMissing(segment, lost, bad),
        onDamaged: (segment) => losses.recount(segment),
        onGiven: (seq, appendedMs) => {
          if (publishing) this.#marks.note(seq, appendedMs);
        },
      },
      after,
    );
  }

  knowsRun(run: RunId): boolean {
    const { positions, table } = this.#parts;
    return run === this.run || table.knowsRun(run) || positions.knowsRun(run);
  }

  confirm(position: StreamPosition): void {
    const { positions } = this.#parts;
    if (position.seq <= positions.confirmedSeq) return;
    positions.setConfirmed(position);
    this.#marks.forget(position.seq);
  }

  regress(position: StreamPosition | undefined): number {
    const { positions, retention, table } = this.#parts;
    const before = positions.confirmed;
    positions.setConfirmed(position);
    retention.unsettle();
    return before ? countForgotten(table, before, position) : 0;
  }

  state(): LogState {
    const { committer, losses, maxBytes, positions, retention, table } = this.#parts;
    const { trouble } = committer;
    return {
      run: this.run,
      firstSeq: this.firstSeq,
      lastSeq: this.lastSeq,
      durableSeq: this.durableSeq,
      confirmed: positions.confirmed,
      waitingRecords: table.countBehind(positions.confirmedSeq),
      oldestWaitingMs: this.#oldestWaitingMs(),
      sizeBytes: table.sizeBytes,
      maxBytes,
      settledSeq: toSeq(retention.settledSeq),
      segments: table.all.length,
      droppedRecords: losses.lostRecords,
      writable: trouble === undefined,
      trouble,
    };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const { committer, drops, lastWrite, losses, positions, stop } = this.#parts;
    await stop();
    await losses.settle();
    await committer.flush();
    await drops.settle();
    await losses.settle();
    losses.close();
    await committer.close();
    await drops.settle();
    lastWrite?.giveUp(
      new GatewayError("buffer.io", "cannot store the last write of the run before"),
    );
    await positions.close();
  }

  #oldestWaitingMs(): EpochMs | undefined {
    const { positions, table } = this.#parts;
    const confirmedSeq = positions.confirmedSeq;
    const segment = table.behind(confirmedSeq);
    if (!segment) return undefined;
    if (confirmedSeq < segment.firstSeq) return segment.tally.firstMs;
    const marked = this.#marks.at(Math.min(confirmedSeq + 1, lastSeqOf(segment)));
    return Math.max(segment.tally.firstMs, marked ?? segment.tally.firstMs);
  }
}
