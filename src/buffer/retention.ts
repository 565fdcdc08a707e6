/**
 * What may leave the disk, and when.
 *
 * In this order: segments that are settled (confirmed, and kept for the hold-back since), confirmed
 * ones, and, where the configuration says so, the oldest that were never published. Segments between
 * the confirmed position and the newest one ever published from are never given up: part of them
 * may be on the backbone, and only the backbone can tell.
 *
 * Invariants
 * - The cursor on disk covers a confirmed segment before its file goes.
 * - A gap event that says what is lost is durable before the file of lost records goes.
 * - The newest segment stays, so that seqs go on from it; the newest sealed one stays while there is
 *   room, so that resends are recognized after a power cut.
 */
import type { Clock } from "../core/clock.ts";
import type { Disk } from "../core/disk.ts";
import type { GapRange } from "../core/event.ts";
import { toSeq } from "../core/ids.ts";
import type { Logger } from "../core/logger.ts";
import { formatSize } from "../core/size.ts";
import { isMissing } from "./disk-errors.ts";
import { recordClasses } from "./frame.ts";
import type { FreeSpace } from "./free-space.ts";
import { countRanges, joinRanges } from "./gap-ranges.ts";
import { type BufferOptions, segmentBytesOf } from "./options.ts";
import type { Positions } from "./positions.ts";
import { lastSeqOf, type Segment } from "./segment.ts";
import type { SegmentTable } from "./segment-table.ts";

export interface RetentionContext {
  readonly disk: Disk;
  readonly folder: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly options: BufferOptions;
  readonly table: SegmentTable;
  readonly positions: Positions;
  readonly freeSpace: FreeSpace;
  /** Appends a gap event; calls `done` when it is durable. */
  readonly declare: (ranges: readonly GapRange[], records: number, done: () => void) => void;
}

export class Retention {
  readonly #context: RetentionContext;
  /** Kept free below `max_bytes` for footers and gap events. */
  readonly #headroomBytes: number;
  #declared: Segment[] = [];
  #settledSeq: number;

  constructor(context: RetentionContext) {
    this.#context = context;
    this.#headroomBytes = segmentBytesOf(context.options) / 4;
    this.#settledSeq = (context.table.firstSeq ?? 1) - 1;
  }

  /** Highest seq that is confirmed and past its hold-back, or was given up. */
  get settledSeq(): number {
    return this.#settledSeq;
  }

  /** Deletes what is settled, and what is confirmed above the size of the hold-back. */
  async sweep(): Promise<void> {
    const { clock, options } = this.#context;
    const now = clock.monotonicMs();
    let confirmedBytes = 0;
    for (const segment of this.#confirmed()) {
      segment.confirmedAtMs ??= now;
      confirmedBytes += segment.fileBytes;
    }
    const leaving: Segment[] = [];
    for (const segment of this.#confirmed()) {
      const settled = now - (segment.confirmedAtMs ?? now) >= options.hold_back.time;
      if (settled) this.#settledSeq = Math.max(this.#settledSeq, lastSeqOf(segment));
      if (!settled && confirmedBytes <= options.hold_back.max_bytes) break;
      confirmedBytes -= segment.fileBytes;
      leaving.push(segment);
    }
    const { newestSealed } = this.#context.table;
    await this.#deleteConfirmed(leaving.filter((segment) => segment !== newestSealed));
  }

  /**
   * Sees to it that `bytes` more may be written. Gives what prevents it, for people; undefined when
   * they may.
   */
  async makeRoom(bytes: number): Promise<string | undefined> {
    let trouble = await this.#shortage(bytes);
    while (trouble !== undefined) {
      const [oldest] = this.#confirmed();
      if (!oldest || !(await this.#deleteConfirmed([oldest]))) break;
      trouble = await this.#shortage(bytes);
    }
    while (trouble !== undefined && this.#context.options.on_full === "drop_oldest") {
      const victim = this.#context.table.all.find((segment) => this.#mayDrop(segment));
      if (!victim) break;
      this.#drop(victim);
      trouble = await this.#shortage(bytes);
    }
    // What is leaving can only go once its gap event is on disk, so the way must stay open for that.
    return this.#context.table.leavingBytes > 0 ? undefined : trouble;
  }

  /** Deletes the files whose gap events became durable. To be awaited before the next commit. */
  async finishDrops(): Promise<void> {
    if (this.#declared.length === 0) return;
    const segments = this.#declared;
    this.#declared = [];
    await this.#unlink(segments);
  }

  /** A confirmed position went back: what stands behind it is not confirmed any more. */
  unsettle(): void {
    const { positions, table } = this.#context;
    for (const segment of table.all)
      if (lastSeqOf(segment) > positions.confirmedSeq) segment.confirmedAtMs = undefined;
    this.#settledSeq = Math.min(this.#settledSeq, positions.confirmedSeq);
  }

  async #shortage(bytes: number): Promise<string | undefined> {
    const { freeSpace, options, table } = this.#context;
    const leaving = table.leavingBytes;
    if (table.sizeBytes - leaving + bytes + this.#headroomBytes > options.max_bytes)
      return `the buffer has reached its ${formatSize(options.max_bytes)}`;
    if (!(await freeSpace.allows(bytes, leaving)))
      return `the volume has less than ${formatSize(options.min_free)} free`;
    return undefined;
  }

  /** Complete segments that are confirmed as a whole, oldest first. */
  #confirmed(): Segment[] {
    const { positions, table } = this.#context;
    return table.all.filter(
      (segment) => segment.state === "closed" && lastSeqOf(segment) <= positions.confirmedSeq,
    );
  }

  #mayDrop(segment: Segment): boolean {
    const { positions, table } = this.#context;
    return (
      segment.state === "closed" &&
      segment !== table.newest &&
      segment.firstSeq > positions.publishedFirstSeq &&
      segment.firstSeq > positions.confirmedSeq
    );
  }

  #drop(segment: Segment): void {
    const lost = lossOf(segment);
    const records = lost.reduce((sum, range) => sum + range.count, 0);
    segment.state = "leaving";
    this.#context.logger.error("buffer full: the oldest records are given up", {
      from: segment.firstSeq,
      to: lastSeqOf(segment),
      records,
    });
    this.#context.declare(joinRanges([...segment.tally.gaps, ...lost]), records, () => {
      this.#declared.push(segment);
    });
  }

  /** True when at least one could be deleted. */
  async #deleteConfirmed(segments: readonly Segment[]): Promise<boolean> {
    if (segments.length === 0) return false;
    const { logger, positions, table } = this.#context;
    try {
      await positions.save();
    } catch (failure) {
      logger.warn("cannot save the cursor; confirmed records stay", { failure: String(failure) });
      return false;
    }
    const still = segments.filter(
      (segment) => segment !== table.newest && lastSeqOf(segment) <= positions.confirmedSeq,
    );
    for (const segment of still) this.#settledSeq = Math.max(this.#settledSeq, lastSeqOf(segment));
    await this.#unlink(still);
    return still.length > 0;
  }

  async #unlink(segments: readonly Segment[]): Promise<void> {
    const { disk, folder, logger, table } = this.#context;
    for (const segment of segments) table.remove(segment);
    try {
      for (const { path } of segments)
        await disk.unlink(path).catch((failure: unknown) => {
          if (!isMissing(failure)) throw failure;
        });
      await disk.syncFolder(folder);
    } catch (failure) {
      logger.warn("cannot delete a segment; the next start will", { failure: String(failure) });
    }
  }
}

/** What is lost with a segment, by class; what is damaged in it was declared before. */
function lossOf(segment: Segment): GapRange[] {
  const { firstSeq, run, tally } = segment;
  const range = { run, from: toSeq(firstSeq), to: toSeq(lastSeqOf(segment)) };
  const damaged = countRanges(segment.damaged);
  const span = range.to - range.from + 1;
  if (tally.recordCount !== span - damaged)
    return [{ ...range, count: span - damaged, class: "mixed", reason: "dropped-full" }];
  return recordClasses
    .map((name, index): GapRange => {
      return { ...range, count: tally.records[index] ?? 0, class: name, reason: "dropped-full" };
    })
    .filter(({ count }) => count > 0);
}
