/**
 * The group commit: one batch at a time is written and synced, then the durable seq moves and
 * everybody is told. While it is under way the next batch fills.
 *
 * A write that fails costs the segment, not the records: they are still in memory, and go to a new
 * segment under the seqs they have. While nothing can be written the durable seq stands still, which is
 * what holds the devices back.
 *
 * Invariants
 * - The durable seq moves only after a sync that succeeded.
 * - A new segment is begun for the first commit of a run, after a failure, and when the old is full.
 */
import { type Clock, sleep } from "../core/clock.ts";
import type { Disk } from "../core/disk.ts";
import type { Logger } from "../core/logger.ts";
import { ActiveSegment } from "./active-segment.ts";
import type { Batch } from "./batch.ts";
import type { CommitQueue } from "./commit-queue.ts";
import { DiskTrouble } from "./disk-trouble.ts";
import type { KeyRing } from "./encryption/key-ring.ts";
import type { CreateFile, IsVoid } from "./files/create-over.ts";
import { isFull } from "./files/disk-errors.ts";
import { framesFrom, type SegmentHeader } from "./format/segment-header.ts";
import type { KnownMessages } from "./known-messages.ts";
import type { SegmentTable } from "./segment-table.ts";
import type { SlowestCommit } from "./slowest-commit.ts";
import type { DeclaredDrops } from "./space/declared-drops.ts";
import type { Reserve } from "./space/reserve.ts";
import type { Retention } from "./space/retention.ts";

const fullRestMs = 1_000;
/** While each look at the sockets brings more, a commit waits for so long. */
const mostGatherMs = 1;

export interface CommitterContext {
  readonly disk: Disk;
  readonly folder: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly table: SegmentTable;
  readonly queue: CommitQueue;
  readonly retention: Retention;
  readonly reserve: Reserve;
  readonly keys: KeyRing;
  readonly slowest: SlowestCommit;
  readonly ended: DeclaredDrops;
  readonly identities: KnownMessages;
  readonly segmentBytes: number;
  /** Most bytes of identities in a footer. */
  readonly identityBytes: number;
  readonly commitDelayMs: number;
  /** The header of a segment that begins with `firstSeq`. */
  readonly headerFor: (firstSeq: number, supersedesSeq: number) => SegmentHeader;
  /** Awaited before a segment is begun; rejects while what stands in front is in doubt. */
  readonly beforeFirst: () => Promise<void>;
  /** True for a segment that the start found and did not take. */
  readonly wasVoid: IsVoid;
  /** A gap event waits for the disk: what stands in front of it may take the reserve. */
  readonly isDeclaring: () => boolean;
  /** Called when a batch has become durable. */
  readonly onDurable: (batch: Batch) => void;
}

export class Committer {
  readonly #context: CommitterContext;
  readonly #closing = new AbortController();
  #active: ActiveSegment | undefined;
  /** What stands at and behind the first seq of a run, in a file that could not be closed, is void. */
  #supersedes = true;
  #running: Promise<void> | undefined;
  #durableSeq: number;
  readonly #trouble: DiskTrouble;
  #gaveUp = false;

  /** `durableSeq` is what the log holds at start. */
  constructor(context: CommitterContext, durableSeq: number) {
    this.#context = context;
    this.#trouble = new DiskTrouble(context.logger);
    this.#durableSeq = durableSeq;
  }

  get durableSeq(): number {
    return this.#durableSeq;
  }

  /** Why nothing can be written at the moment, for people; undefined while all is well. */
  get trouble(): string | undefined {
    return this.#trouble.words;
  }

  /** What the run before wrote last turned out to be durable, up to this seq. */
  setDurable(durableSeq: number): void {
    this.#durableSeq = Math.max(this.#durableSeq, durableSeq);
  }

  /** Sees to it that what waits in the queue is committed. */
  wake(): void {
    this.#running ??= this.#run();
  }

  /** Commits what waits, if the disk takes it now; what it does not take is given up from here on. */
  async flush(): Promise<void> {
    this.#closing.abort();
    if (!this.#context.queue.isEmpty) this.wake();
    await this.#running;
  }

  /** The same, and seals the segment. */
  async close(): Promise<void> {
    await this.flush();
    await this.#retire();
  }

  async #run(): Promise<void> {
    const { queue } = this.#context;
    while (!queue.isEmpty) {
      await this.#gather();
      const batch = queue.take();
      if (batch) await this.#commit(batch);
    }
    this.#running = undefined;
  }

  /**
   * Waits for what may share the next sync: as long as the configuration says, and otherwise until a
   * look at the sockets brought nothing more. Where devices send one by one that is no wait at all.
   */
  async #gather(): Promise<void> {
    const { clock, commitDelayMs, queue } = this.#context;
    const { signal } = this.#closing;
    if (commitDelayMs > 0) {
      if (!queue.isBatchFull) await sleep(clock, commitDelayMs, signal);
      return;
    }
    const untilMs = clock.monotonicMs() + mostGatherMs;
    await nextTurn();
    for (let bytes = 0; bytes < queue.nextBytes; ) {
      if (queue.isBatchFull || signal.aborted || clock.monotonicMs() >= untilMs) return;
      bytes = queue.nextBytes;
      await nextTurn();
    }
  }

  async #commit(batch: Batch): Promise<void> {
    for (;;) {
      const restMs = this.#gaveUp ? fullRestMs : await this.#attempt(batch);
      if (restMs === undefined) break;
      if (restMs === 0) continue;
      if (this.#closing.signal.aborted) return this.#giveUp(batch);
      await sleep(this.#context.clock, restMs, this.#closing.signal);
    }
    this.#trouble.clear();
    this.#durableSeq = batch.tally.lastSeq;
    this.#context.onDurable(batch);
    this.#context.queue.release();
    await this.#context.ended.finish();
  }

  /** Tries once; gives how long to rest before the next attempt, undefined when it is durable. */
  async #attempt(batch: Batch): Promise<number | undefined> {
    const shortage = await this.#context.retention.makeRoom(batch.bytes);
    if (shortage !== undefined) return this.#trouble.hold(shortage, fullRestMs);
    let active: ActiveSegment;
    try {
      active = await this.#activeFor(batch);
    } catch (failure) {
      if (isFull(failure) && (await this.#takeReserve(batch))) return 0;
      return this.#trouble.fail("cannot begin a segment", failure);
    }
    const { clock, slowest } = this.#context;
    const beganMs = clock.monotonicMs();
    const outcome = await active.append(batch);
    slowest.note(beganMs);
    switch (outcome.kind) {
      case "durable":
        return undefined;
      case "full":
        if (await this.#takeReserve(batch)) return 0;
        return this.#trouble.hold("the volume is full", fullRestMs);
      case "failed":
        await this.#abandon(active);
        return this.#trouble.fail(`cannot write ${active.segment.path}`, outcome.cause);
    }
  }

  async #activeFor(batch: Batch): Promise<ActiveSegment> {
    const { disk, segmentBytes } = this.#context;
    const current = this.#active;
    if (current) {
      const { framesEnd, tally } = current.segment;
      if (tally.recordCount === 0 || framesEnd + batch.bytes <= segmentBytes) return current;
      await this.#retire();
    }
    return this.#begin(batch, (path) => disk.create(path));
  }

  /**
   * Begins a segment in the space of the reserve, so that what is to be declared needs none of the
   * volume; where it has no place there, gives that space to the volume. True when another attempt
   * is worth it.
   */
  async #takeReserve(batch: Batch): Promise<boolean> {
    const { isDeclaring, keys, logger, reserve } = this.#context;
    if (!isDeclaring()) return false;
    if (!(await reserve.takes(framesFrom(keys.currentId) + batch.bytes))) return reserve.release();
    try {
      if (this.#active?.segment.tally.recordCount === 0) await this.#abandon(this.#active);
      else await this.#retire();
      await this.#begin(batch, (path) => reserve.become(path));
    } catch (failure) {
      logger.warn("cannot write to the reserve of the buffer; the volume has its space now", {
        failure: String(failure),
      });
      await reserve.release();
    }
    return true;
  }

  async #begin(batch: Batch, create: CreateFile): Promise<ActiveSegment> {
    const { beforeFirst, disk, folder, headerFor, keys, table, wasVoid } = this.#context;
    await beforeFirst();
    const firstSeq = batch.tally.firstSeq;
    const header = headerFor(firstSeq, this.#supersedes ? firstSeq : 0);
    const seal = keys.sealOf(header.keyId, header.uuid);
    const active = await ActiveSegment.create(disk, folder, header, seal, wasVoid, create);
    this.#supersedes = false;
    this.#active = active;
    table.add(active.segment);
    return active;
  }

  /** Closes the active segment with its footer. */
  async #retire(): Promise<void> {
    const { identities, identityBytes, logger } = this.#context;
    const active = this.#active;
    this.#active = undefined;
    if (!active) return;
    if (active.segment.tally.recordCount === 0) return active.close();
    try {
      await active.seal(await identities.format(identityBytes, this.#durableSeq));
    } catch (failure) {
      logger.warn("cannot seal a segment; it will be read through at the next start", {
        segment: active.segment.path,
        failure: String(failure),
      });
    }
  }

  /** Leaves a segment that failed; its durable records stay, the rest goes elsewhere. */
  async #abandon(active: ActiveSegment): Promise<void> {
    const { table } = this.#context;
    this.#active = undefined;
    this.#supersedes = true;
    await active.close();
    if (active.segment.tally.recordCount === 0) table.remove(active.segment);
  }

  /** What follows is given up too: a later record must not be durable without this one. */
  #giveUp(batch: Batch): void {
    this.#gaveUp = true;
    this.#context.logger.error("records that were not acknowledged are not stored before closing", {
      records: batch.tally.recordCount,
      reason: this.trouble,
    });
    this.#context.queue.release();
  }
}

/** Resolves when everything that had come for this process by now has been dealt with. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
