/**
 * The durable log of one gateway, as the other rooms see it: append, read, confirm, regress.
 *
 * The work is done by its parts; `open-segment-log.ts` finds what is on disk and joins them.
 */
import type { EpochMs } from "../core/clock.ts";
import type { Disk } from "../core/disk.ts";
import { type RunId, type Seq, toSeq } from "../core/ids.ts";
import type { LogState, StreamPosition } from "../core/log-accounts.ts";
import type { LogReader } from "../core/log-reader.ts";
import type { Logger } from "../core/logger.ts";
import type { RecordDraft } from "../core/record-draft.ts";
import type { RecordLog } from "../core/record-log.ts";
import type { Appender } from "./appender.ts";
import type { Batch } from "./batch.ts";
import type { Committer } from "./committer.ts";
import { countForgotten } from "./losses/find-losses.ts";
import type { LossBook } from "./losses/loss-book.ts";
import type { Positions } from "./positions.ts";
import { ReadMarks } from "./read-marks.ts";
import { SegmentReader } from "./reader.ts";
import { RecentFrames } from "./recent-frames.ts";
import type { LastWrite } from "./recovery/last-write.ts";
import { lastSeqOf } from "./segment.ts";
import type { SegmentTable } from "./segment-table.ts";
import type { SlowestCommit } from "./slowest-commit.ts";
import type { DeclaredDrops } from "./space/declared-drops.ts";
import type { Retention } from "./space/retention.ts";
import { tellAll } from "./tell-all.ts";

export interface SegmentLogParts {
  readonly run: RunId;
  readonly disk: Disk;
  readonly logger: Logger;
  readonly maxBytes: number;
  readonly table: SegmentTable;
  readonly positions: Positions;
  readonly appender: Appender;
  readonly committer: Committer;
  readonly slowest: SlowestCommit;
  readonly retention: Retention;
  readonly ended: DeclaredDrops;
  readonly losses: LossBook;
  /** Of the run before, where the medium may not have it. */
  readonly lastWrite: LastWrite | undefined;
  readonly lastAppendedMs: EpochMs | undefined;
  /** Ends everything that runs beside commits. */
  readonly stop: () => Promise<void>;
}

/** A log that can be closed. */
export interface SegmentLog extends RecordLog {
  /**
   * Makes durable what was appended, as far as the disk takes it at once, and lets go of the files.
   * What is appended later is never durable. Once it resolves nothing is written and nothing deleted any
   * more, whatever readers meet: the folder may be somebody else's.
   */
  close(): Promise<void>;
}

export class JoinedLog implements SegmentLog {
  readonly #parts: SegmentLogParts;
  readonly #marks = new ReadMarks();
  readonly #recent = new RecentFrames();
  readonly #listeners = new Set<() => void>();
  #closed = false;

  constructor(parts: SegmentLogParts) {
    this.#parts = parts;
  }

  get run(): RunId {
    return this.#parts.run;
  }

  get durableSeq(): Seq {
    return toSeq(this.#parts.committer.durableSeq);
  }

  get lastSeq(): Seq {
    return toSeq(this.#parts.appender.lastSeq);
  }

  get firstSeq(): Seq {
    return toSeq(this.#parts.table.firstSeq ?? this.lastSeq + 1);
  }

  get confirmed(): StreamPosition | undefined {
    return this.#parts.positions.confirmed;
  }

  get lastAppendedMs(): EpochMs | undefined {
    return this.#parts.lastAppendedMs;
  }

  append(draft: RecordDraft): Seq {
    return this.#closed ? toSeq(this.lastSeq + 1) : this.#parts.appender.append(draft);
  }

  onDurable(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes note of what became durable. */
  noteCommitted({ tally, written }: Batch): void {
    const { positions, table } = this.#parts;
    positions.setDurable(tally.lastSeq);
    if (table.newest) this.#recent.keep(table.newest, written);
  }

  /** Calls those who asked to be told of commits. */
  tellDurable(): void {
    const complaint = "whoever was told of a commit failed";
    tellAll(this.#listeners, (listener) => listener(), complaint, this.#parts.logger);
  }

  async openReader(after: Seq, options?: { readonly publishing?: boolean }): Promise<LogReader> {
    const { disk, losses, positions, table } = this.#parts;
    const publishing = options?.publishing ?? false;
    return new SegmentReader(
      {
        disk,
        table,
        recent: this.#recent,
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

  keepBehind(seq: Seq): void {
    this.#parts.retention.keepBehind(seq);
  }

  confirm(position: StreamPosition): void {
    const { positions } = this.#parts;
    if (position.seq <= positions.confirmedSeq) return;
    positions.setConfirmed(position);
    this.#marks.forget(position.seq);
  }

  async regress(position: StreamPosition | undefined): Promise<number> {
    const { lastWrite, positions, retention, table } = this.#parts;
    const before = positions.confirmed;
    positions.setConfirmed(position);
    retention.unsettle();
    if (!before) return 0;
    const count = (): number => countForgotten(table, before, position);
    return lastWrite ? lastWrite.withIt(count) : count();
  }

  state(): LogState {
    const { committer, losses, maxBytes, positions, retention, slowest, table } = this.#parts;
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
      slowestCommitMs: slowest.ms,
    };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const { committer, ended, losses, positions, stop } = this.#parts;
    await stop();
    await losses.settle();
    await committer.flush();
    await ended.settle();
    await losses.settle();
    losses.close();
    await committer.close();
    await ended.settle();
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
