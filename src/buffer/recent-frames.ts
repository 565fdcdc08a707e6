/**
 * What was committed last, in memory: a reader at the end of the log need not ask the disk for what
 * it took a moment ago, nor check what never left the process.
 *
 * It holds frames of one segment, each directly behind the one before. When they would be more than
 * 1 MiB, only the new ones are kept: who is further behind reads the disk.
 *
 * Invariants
 * - Only what is durable is kept.
 */
import type { Segment } from "./segment.ts";

const mostBytes = 2 ** 20;

export class RecentFrames {
  #memory = Buffer.alloc(0);
  #segment: Segment | undefined;
  /** Where what is held begins and ends in the segment's file. */
  #from = 0;
  #to = 0;

  /** Keeps frames that stand at the end of a segment's durable ones. */
  keep(segment: Segment, frames: Uint8Array): void {
    if (frames.length > mostBytes) {
      this.#segment = undefined;
      return;
    }
    if (this.#memory.length === 0) this.#memory = Buffer.allocUnsafe(mostBytes);
    const at = segment.framesEnd - frames.length;
    const isNext = segment === this.#segment && at === this.#to;
    if (!isNext || at - this.#from + frames.length > mostBytes) {
      this.#segment = segment;
      this.#from = at;
    }
    this.#memory.set(frames, at - this.#from);
    this.#to = at + frames.length;
  }

  /** Copies what stands at a place of a segment's file, as far as it is held; gives the bytes. */
  copyTo(target: Uint8Array, segment: Segment, at: number): number {
    if (segment !== this.#segment || at < this.#from || at >= this.#to) return 0;
    const bytes = Math.min(target.length, this.#to - at);
    const from = at - this.#from;
    target.set(this.#memory.subarray(from, from + bytes));
    return bytes;
  }
}
