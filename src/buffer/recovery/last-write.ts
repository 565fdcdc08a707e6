/**
 * The last write of the run before, where nobody knows whether the medium has it: the system shows
 * its records, but a sync may have failed, and this start could not do the write again.
 *
 * Until a copy of the segment is on the medium, nobody is given those records, nothing they declare
 * is acted on, and nothing is written behind them: all three would rest on what a power cut takes.
 */
import type { Disk } from "../../core/disk.ts";
import type { GapRange } from "../../core/event.ts";
import type { Logger } from "../../core/logger.ts";
import type { SegmentScan } from "../files/scan.ts";
import type { KnownMessages } from "../known-messages.ts";
import type { Segment } from "../segment.ts";
import { rewriteSegment } from "../space/rewrite-segment.ts";

export interface LastWriteContext {
  readonly disk: Disk;
  readonly folder: string;
  readonly logger: Logger;
  readonly identities: KnownMessages;
  /** Most bytes of identities in the footer. */
  readonly identityBytes: number;
}

export class LastWrite {
  readonly #context: LastWriteContext;
  readonly #segment: Segment;
  readonly #firm: Pick<SegmentScan, "tally" | "framesEnd">;
  /** With the last write. */
  readonly #whole: Pick<SegmentScan, "tally" | "framesEnd">;
  #isSettled = false;
  #settling: Promise<void> | undefined;
  #onSettled = (): void => {};

  /** `firm` is what the segment holds without it. */
  constructor(
    context: LastWriteContext,
    segment: Segment,
    firm: Pick<SegmentScan, "tally" | "framesEnd">,
  ) {
    this.#context = context;
    this.#segment = segment;
    this.#firm = firm;
    this.#whole = { tally: segment.tally, framesEnd: segment.framesEnd };
  }

  /** What gap events declare in the rest of the segment. */
  get firmGaps(): readonly GapRange[] {
    return this.#firm.tally.gaps;
  }

  /** The last seq in front of it. */
  get firmSeq(): number {
    return Math.max(this.#firm.tally.lastSeq, this.#segment.firstSeq - 1);
  }

  isIn(segment: Segment): boolean {
    return segment === this.#segment;
  }

  /** Takes the write out of sight; `onSettled` is called when it is back. */
  hide(onSettled: () => void): void {
    this.#onSettled = onSettled;
    this.#show(this.#firm);
  }

  /** What `ask` gives with the write in sight, for questions about what the log will hold. */
  withIt<T>(ask: () => T): T {
    if (this.#isSettled) return ask();
    this.#show(this.#whole);
    try {
      return ask();
    } finally {
      this.#show(this.#firm);
    }
  }

  /** Copies the segment to the medium; rejects with the disk's error as long as that is refused. */
  async settle(): Promise<void> {
    if (this.#isSettled) return;
    this.#settling ??= this.#copy().finally(() => {
      this.#settling = undefined;
    });
    await this.#settling;
  }

  #show({ tally, framesEnd }: Pick<SegmentScan, "tally" | "framesEnd">): void {
    this.#segment.tally = tally;
    this.#segment.framesEnd = framesEnd;
  }

  async #copy(): Promise<void> {
    const { disk, folder, identities, identityBytes, logger } = this.#context;
    const segment = this.#segment;
    const whole = { ...segment, ...this.#whole };
    const known = await identities.format(identityBytes, whole.tally.lastSeq);
    const { fileBytes, framesEnd, tally } = await rewriteSegment(disk, folder, whole, {
      identities: known,
    });
    await disk.syncFolder(folder);
    Object.assign(segment, { fileBytes, framesEnd, tally });
    this.#isSettled = true;
    logger.warn("the last write of the run before is on the disk now", { segment: segment.path });
    this.#onSettled();
  }
}
