/**
 * The count of a stretch of the log: how many records and bytes of each class, from which seq and
 * time to which, and the losses that its gap events declare. A batch, a segment and a footer are
 * counted in the same terms, so nobody has to read a segment to know what is in it.
 */
import type { GapRange } from "../../core/event.ts";
import { joinRanges } from "./gap-ranges.ts";

/** One number for each class, by rank. */
export type PerClass = [rejection: number, telemetry: number, state: number, alarm: number];

const allRanks = [0, 1, 2, 3] as const;

export class Tally {
  readonly records: PerClass = [0, 0, 0, 0];
  readonly bytes: PerClass = [0, 0, 0, 0];
  /** 0 while nothing was counted; as are the other three. */
  firstSeq = 0;
  lastSeq = 0;
  firstMs = 0;
  lastMs = 0;
  gaps: GapRange[] = [];
  /** How many of its records are gap events; undefined where only their sum is known. */
  gapRecords: number | undefined = 0;

  get recordCount(): number {
    return this.records[0] + this.records[1] + this.records[2] + this.records[3];
  }

  /** Counts one record; `seq` is above all counted before. */
  add(seq: number, appendedMs: number, rank: number, frameBytes: number): void {
    if (this.firstSeq === 0) {
      this.firstSeq = seq;
      this.firstMs = appendedMs;
    }
    this.lastSeq = seq;
    this.lastMs = appendedMs;
    const index = allRanks[rank] ?? 3;
    this.records[index] += 1;
    this.bytes[index] += frameBytes;
  }

  /** Counts one of the records as a gap event that declares these losses. */
  addGap(ranges: readonly GapRange[]): void {
    this.#addGaps(ranges);
    if (this.gapRecords !== undefined) this.gapRecords += 1;
  }

  /** Takes what a footer says of the gap events, which does not tell how many there are. */
  setGaps(ranges: readonly GapRange[]): void {
    this.gaps = joinRanges(ranges);
    if (ranges.length > 0) this.gapRecords = undefined;
  }

  /** Counts what follows. */
  addAll(next: Tally): void {
    if (next.firstSeq === 0) return;
    if (this.firstSeq === 0) {
      this.firstSeq = next.firstSeq;
      this.firstMs = next.firstMs;
    }
    this.lastSeq = next.lastSeq;
    this.lastMs = next.lastMs;
    for (const index of allRanks) {
      this.records[index] += next.records[index];
      this.bytes[index] += next.bytes[index];
    }
    this.#addGaps(next.gaps);
    if (this.gapRecords !== undefined && next.gapRecords !== undefined)
      this.gapRecords += next.gapRecords;
    else this.gapRecords = undefined;
  }

  #addGaps(ranges: readonly GapRange[]): void {
    if (ranges.length > 0) this.gaps = joinRanges([...this.gaps, ...ranges]);
  }
}
