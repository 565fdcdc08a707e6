/**
 * The segments of the log, oldest first. The table is what the process knows without reading; it is
 * as long as there are files, whatever is in them.
 */
import type { RunId } from "../core/ids.ts";
import {
  countBehind,
  isUndeclared,
  keptRecordsOf,
  lastSeqOf,
  leavingBytesOf,
  type Segment,
} from "./segment.ts";

export class SegmentTable {
  #segments: readonly Segment[];

  constructor(segments: readonly Segment[]) {
    this.#segments = segments;
  }

  get all(): readonly Segment[] {
    return this.#segments;
  }

  /** Those whose records can be read: they are durable and not about to be deleted. */
  get held(): readonly Segment[] {
    return this.#segments.filter(isHeld);
  }

  /** The one with the highest seqs; it alone may be active, and it is never deleted. */
  get newest(): Segment | undefined {
    return this.#segments.at(-1);
  }

  /**
   * The newest one with a footer, which names the last messages of all devices. While the newest of
   * all is open, a start after a power cut knows them from nowhere else.
   */
  get newestSealed(): Segment | undefined {
    return this.#segments.findLast(
      ({ fileBytes, framesEnd, keptFrom, state }) =>
        state === "closed" && keptFrom === 0 && fileBytes > framesEnd,
    );
  }

  add(segment: Segment): void {
    this.#segments = [...this.#segments, segment];
  }

  remove(segment: Segment): void {
    segment.state = "gone";
    this.#segments = this.#segments.filter((other) => other !== segment);
  }

  /** Puts the segment without the classes that were given up in the place of the whole one. */
  replace(whole: Segment, sparse: Segment): void {
    whole.state = "rewritten";
    this.#segments = this.#segments.map((segment) => (segment === whole ? sparse : segment));
  }

  /** The segment that begins with this seq. */
  at(firstSeq: number): Segment | undefined {
    return this.#segments.find((segment) => segment.firstSeq === firstSeq);
  }

  /** Lowest seq held; undefined when nothing is. */
  get firstSeq(): number | undefined {
    return this.#segments.find(isHeld)?.firstSeq;
  }

  get sizeBytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.fileBytes, 0);
  }

  /** Bytes that are about to be free. */
  get leavingBytes(): number {
    return this.#segments.reduce((sum, segment) => sum + leavingBytesOf(segment), 0);
  }

  /**
   * The segment in which reading goes on behind `seq`; undefined when nothing durable is there. One
   * whose loss is not declared yet is not passed by.
   */
  behind(seq: number): Segment | undefined {
    return this.#segments.find(
      (segment) => (isHeld(segment) || isUndeclared(segment)) && lastSeqOf(segment) > seq,
    );
  }

  /** Records held behind `seq`. */
  countBehind(seq: number): number {
    let count = 0;
    for (const segment of this.#segments) if (isHeld(segment)) count += countBehind(segment, seq);
    return count;
  }

  knowsRun(run: RunId): boolean {
    return this.#segments.some((segment) => segment.run === run);
  }
}

function isHeld(segment: Segment): boolean {
  return keptRecordsOf(segment) > 0;
}
