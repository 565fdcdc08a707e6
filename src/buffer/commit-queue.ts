/**
 * What waits for the disk: one batch that takes new records, full ones before it, and the one under
 * way. Batches are used again, so a steady flow allocates nothing.
 */
import { Batch } from "./batch.ts";

const mostSpares = 2;

export class CommitQueue {
  readonly #maxBatchBytes: number;
  readonly #mostTogetherBytes: number;
  readonly #isEncrypted: boolean;
  #waiting: Batch[] = [];
  #underWay: Batch | undefined;
  #spares: Batch[] = [];

  /**
   * A batch takes records until it has `maxBatchBytes`, and those that belong together until it has
   * `mostTogetherBytes`: what is larger than a part of the disk could never be written.
   */
  constructor(maxBatchBytes: number, mostTogetherBytes: number, isEncrypted: boolean) {
    this.#maxBatchBytes = maxBatchBytes;
    this.#mostTogetherBytes = mostTogetherBytes;
    this.#isEncrypted = isEncrypted;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** A gap event is among what waits or is under way; somebody may wait for it to make room. */
  get holdsGap(): boolean {
    return [this.#underWay, ...this.#waiting].some((batch) => batch && batch.tally.gaps.length > 0);
  }

  /** Of the next batch; 0 when nothing waits. */
  get nextBytes(): number {
    return this.#waiting[0]?.bytes ?? 0;
  }

  /** True when waiting longer would not make the next commit larger. */
  get isBatchFull(): boolean {
    return this.nextBytes >= this.#maxBatchBytes;
  }

  /** The batch that the next record goes into; `stays`: that of the record before it, if it can be. */
  open(stays: boolean): Batch {
    const last = this.#waiting.at(-1);
    const mostBytes = stays ? this.#mostTogetherBytes : this.#maxBatchBytes;
    if (last && last.bytes < mostBytes) return last;
    const batch = this.#spares.pop() ?? new Batch(this.#isEncrypted);
    this.#waiting.push(batch);
    return batch;
  }

  /** The next batch to be committed. */
  take(): Batch | undefined {
    this.#underWay = this.#waiting.shift();
    return this.#underWay;
  }

  /** The batch that was taken is done with. */
  release(): void {
    const batch = this.#underWay;
    this.#underWay = undefined;
    if (!batch || this.#spares.length >= mostSpares) return;
    batch.reset();
    this.#spares.push(batch);
  }
}
