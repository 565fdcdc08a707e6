/**
 * Walks over the records of one segment in the order of their seqs, and says what is missing between
 * them. Whoever reads a segment reads it with this.
 */
import type { DiskFile } from "../../core/disk.ts";
import { seqAt } from "../format/frame.ts";
import type { SeqRange } from "../format/gap-ranges.ts";
import { frameSeedOf, segmentHeaderBytes } from "../format/segment-header.ts";
import { FrameWalk } from "./frame-walk.ts";

export interface RecordsToWalk {
  /** Its CRC seeds every checksum of the segment. */
  readonly uuid: Uint8Array;
  /** The first seq that belongs into the segment. */
  readonly firstSeq: number;
  /** Records at and above this seq are somebody else's: a later segment took over. */
  readonly belowSeq?: number;
  /** True for records that are stepped over as if they were not there. */
  readonly isLost?: (seq: number) => boolean;
}

export class RecordWalk {
  readonly #records: RecordsToWalk;
  readonly #frames: FrameWalk;
  readonly #belowSeq: number;
  #bad: SeqRange[] = [];
  #lastSeq: number;
  #end = segmentHeaderBytes;
  #missing: SeqRange | undefined;

  constructor(file: DiskFile, records: RecordsToWalk) {
    this.#records = records;
    this.#belowSeq = records.belowSeq ?? Number.POSITIVE_INFINITY;
    this.#lastSeq = records.firstSeq - 1;
    const seed = frameSeedOf(records.uuid);
    this.#frames = new FrameWalk(file, segmentHeaderBytes, seed, (from, to) => {
      this.#bad.push({ from, to });
    });
  }

  /** The chunk that the places given by `next` are in; what stands in it changes with `load`. */
  get buffer(): Buffer {
    return this.#frames.buffer;
  }

  /** Of the last record given; one below the first while there was none. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** Where in the file the last record given ends. */
  get end(): number {
    return this.#end;
  }

  /** The seqs that are missing directly in front of the last record given. */
  get missing(): SeqRange | undefined {
    return this.#missing;
  }

  /** Where in the file the walk stands: behind the last frame, or behind damage after it. */
  get position(): number {
    return this.#frames.position;
  }

  /** Where the bytes begin that nobody could make sense of so far; undefined after a good frame. */
  get badFrom(): number | undefined {
    return this.#frames.badFrom;
  }

  /** Bytes that were no frame, `to` not included, since this was asked last. */
  takeBad(): readonly SeqRange[] {
    const bad = this.#bad;
    this.#bad = [];
    return bad;
  }

  /** What is missing behind the last record given, when `lastSeq` is the segment's. */
  missingBehind(lastSeq: number): readonly SeqRange[] {
    return this.#lastSeq < lastSeq ? [{ from: this.#lastSeq + 1, to: lastSeq }] : [];
  }

  /**
   * Reads on, up to `end` of the file; false when there is nothing more before it. What `recent` can
   * give of a place is neither read nor checked.
   */
  load(end: number, recent?: (target: Uint8Array, at: number) => number): Promise<boolean> {
    return this.#frames.load(end, recent);
  }

  /** The place in `buffer` of the next record's frame; -1 when the chunk has no further one. */
  next(): number {
    const frames = this.#frames;
    for (let at = frames.next(); at >= 0; at = frames.next()) {
      const seq = seqAt(frames.buffer, at);
      if (seq <= this.#lastSeq || seq >= this.#belowSeq || this.#records.isLost?.(seq)) continue;
      const expected = this.#lastSeq + 1;
      this.#missing = seq > expected ? { from: expected, to: seq - 1 } : undefined;
      this.#lastSeq = seq;
      this.#end = frames.position;
      return at;
    }
    return -1;
  }
}

/** The first whole record before `end`, of whatever seq; undefined when there is none. */
export async function firstRecordIn(
  file: DiskFile,
  uuid: Uint8Array,
  end: number,
): Promise<{ readonly buffer: Buffer; readonly at: number } | undefined> {
  const walk = new RecordWalk(file, { uuid, firstSeq: 0 });
  while (await walk.load(end)) {
    const at = walk.next();
    if (at >= 0) return { buffer: walk.buffer, at };
  }
  return undefined;
}
