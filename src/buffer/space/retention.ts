/**
 * What may leave the disk, and when.
 *
 * In this order: segments that are settled (confirmed, and kept for the hold-back since), confirmed
 * ones, and, where the configuration says so, what was never published, by class. Segments between
 * the confirmed position and the newest one ever published from are never given up: part of them
 * may be on the backbone, and only the backbone can tell.
 *
 * Invariants
 * - The cursor on disk covers a confirmed segment before its file goes.
 * - A gap event that says what is lost is durable before the file of lost records goes.
 * - The newest segment stays, so that seqs go on from it; the newest sealed one stays while there is
 *   room, so that resends are recognized after a power cut.
 */
import type { Clock } from "../../core/clock.ts";
import { formatSize } from "../../core/size.ts";
import { type BufferOptions, segmentBytesOf } from "../options.ts";
import type { Positions } from "../positions.ts";
import { lastSeqOf, type Segment } from "../segment.ts";
import type { ClassDrops } from "./class-drops.ts";
import type { DeclaredDrops } from "./declared-drops.ts";
import { type DeleteContext, deleteSegments } from "./delete-segments.ts";
import type { FreeSpace } from "./free-space.ts";
import type { Reserve } from "./reserve.ts";

export interface RetentionContext extends DeleteContext {
  readonly clock: Clock;
  readonly options: BufferOptions;
  readonly positions: Positions;
  readonly freeSpace: FreeSpace;
  readonly drops: ClassDrops;
  readonly ended: DeclaredDrops;
  readonly reserves: readonly Reserve[];
  /** A gap event waits for the disk. */
  readonly isDeclaring: () => boolean;
}

export class Retention {
  readonly #context: RetentionContext;
  /** Kept free below `max_bytes` for footers and gap events. */
  readonly #headroomBytes: number;
  #settledSeq: number;
  #keptBehind = Number.POSITIVE_INFINITY;

  constructor(context: RetentionContext) {
    this.#context = context;
    this.#headroomBytes = segmentBytesOf(context.options) / 4;
    this.#settledSeq = (context.table.firstSeq ?? 1) - 1;
  }

  /** Highest seq that is confirmed and past its hold-back, or was given up. */
  get settledSeq(): number {
    return this.#settledSeq;
  }

  /**
   * What stands behind `seq` stays while there is room: somebody here will read it again after a
   * restart.
   */
  keepBehind(seq: number): void {
    this.#keptBehind = seq;
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
    await this.#deleteConfirmed(
      leaving.filter((each) => each !== newestSealed && lastSeqOf(each) <= this.#keptBehind),
    );
  }

  /**
   * Sees to it that `bytes` more may be written. Gives what prevents it, for people; undefined when
   * they may.
   */
  async makeRoom(bytes: number): Promise<string | undefined> {
    const { ended, isDeclaring, table } = this.#context;
    let trouble = await this.#reclaim(bytes);
    if (table.leavingBytes > 0 && (await this.#shortage(bytes, 0, 0)) !== undefined) {
      await ended.settle();
      trouble ??= await this.#shortage(bytes, 0, 0);
    }
    // What is leaving can only go once its gap event is on disk, and who publishes waits for the ones
    // of what is damaged, set aside or gone from the backbone: the way must stay open for that.
    return isDeclaring() ? undefined : trouble;
  }

  /** A confirmed position went back: what stands behind it is not confirmed any more. */
  unsettle(): void {
    const { positions, table } = this.#context;
    for (const segment of table.all)
      if (lastSeqOf(segment) > positions.confirmedSeq) segment.confirmedAtMs = undefined;
    this.#settledSeq = Math.min(this.#settledSeq, positions.confirmedSeq);
  }

  /** Lets go of the least there must be; gives what prevents it once nothing more may go. */
  async #reclaim(bytes: number): Promise<string | undefined> {
    const { drops, options, table } = this.#context;
    const shortage = (): Promise<string | undefined> =>
      this.#shortage(bytes, this.#headroomBytes, table.leavingBytes);
    let trouble = await shortage();
    while (trouble !== undefined) {
      const [oldest] = this.#confirmed();
      if (!oldest || !(await this.#deleteConfirmed([oldest]))) break;
      trouble = await shortage();
    }
    while (trouble !== undefined && options.on_full === "drop_oldest") {
      if (!(await drops.giveUpNext())) break;
      trouble = await shortage();
    }
    drops.declare();
    return trouble;
  }

  async #shortage(
    bytes: number,
    headroomBytes: number,
    leavingBytes: number,
  ): Promise<string | undefined> {
    const { freeSpace, options, reserves, table } = this.#context;
    const missingBytes = reserves.reduce((sum, reserve) => sum + reserve.missingBytes, 0);
    if (table.sizeBytes - leavingBytes + bytes + headroomBytes > options.max_bytes)
      return `the buffer has reached its ${formatSize(options.max_bytes)}`;
    if (!(await freeSpace.allows(bytes + missingBytes, leavingBytes)))
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

  /** True when at least one could be deleted. */
  async #deleteConfirmed(segments: readonly Segment[]): Promise<boolean> {
    if (segments.length === 0) return false;
    const { logger, positions, table } = this.#context;
    try {
      await positions.saveFirmly();
    } catch (failure) {
      logger.warn("cannot save the cursor; confirmed records stay", { failure: String(failure) });
      return false;
    }
    const still = segments.filter(
      (segment) => segment !== table.newest && lastSeqOf(segment) <= positions.confirmedSeq,
    );
    for (const segment of still) this.#settledSeq = Math.max(this.#settledSeq, lastSeqOf(segment));
    await deleteSegments(this.#context, still);
    return still.length > 0;
  }
}
