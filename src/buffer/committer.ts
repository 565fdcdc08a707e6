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
 */
import { type Clock, sleep } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import type { ActiveSegment } from "./active-segment.ts";
import type { Batch } from "./batch.ts";
import type { CommitQueue } from "./commit-queue.ts";
import { DiskTrouble } from "./disk-trouble.ts";
import { isFull } from "./files/disk-errors.ts";
import type { SegmentSuccession } from "./segment-succession.ts";
import type { SlowestCommit } from "./slowest-commit.ts";
import type { DeclaredDrops } from "./space/declared-drops.ts";
import type { Retention } from "./space/retention.ts";

const fullRestMs = 1_000;
/** While each look at the sockets brings more, a commit waits for so long. */
const mostGatherMs = 1;

export interface CommitterContext {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly queue: CommitQueue;
  readonly succession: SegmentSuccession;
  readonly retention: Retention;
  readonly slowest: SlowestCommit;
  readonly ended: DeclaredDrops;
  readonly commitDelayMs: number;
  /** Called when a batch has become durable. */
  readonly onDurable: (batch: Batch) => void;
}

export class Committer {
  readonly #context: CommitterContext;
  readonly #closing = new AbortController();
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
    await this.#context.succession.retire(this.#durableSeq);
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
    const { clock, retention, slowest, succession } = this.#context;
    const shortage = await retention.makeRoom(batch.bytes);
    if (shortage !== undefined) return this.#trouble.hold(shortage, fullRestMs);
    let active: ActiveSegment;
    try {
      active = await succession.segmentFor(batch, this.#durableSeq);
    } catch (failure) {
      if (isFull(failure) && (await succession.takeReserve(batch, this.#durableSeq))) return 0;
      return this.#trouble.fail("cannot begin a segment", failure);
    }
    const beganMs = clock.monotonicMs();
    const outcome = await active.append(batch);
    slowest.note(beganMs);
    switch (outcome.kind) {
      case "durable":
        return undefined;
      case "full":
        if (await succession.takeReserve(batch, this.#durableSeq)) return 0;
        return this.#trouble.hold("the volume is full", fullRestMs);
      case "failed":
        await succession.abandon(active);
        return this.#trouble.fail(`cannot write ${active.segment.path}`, outcome.cause);
    }
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
