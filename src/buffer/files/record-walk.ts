/**
 * Walks over the records of one segment in the order of their seqs, and says what is missing between
 * them. Whoever reads a segment reads it with this.
 */
import type { DiskFile } from "../../core/disk.ts";
import type { Seal } from "../encryption/seal.ts";
import { frameBytesAt, isSealedAt, seqAt } from "../format/frame.ts";
import type { SeqRange } from "../format/gap-ranges.ts";
import { frameSeedOf, framesFrom } from "../format/segment-header.ts";
import { FrameWalk } from "./frame-walk.ts";

export interface RecordsToWalk {
  /** Its CRC seeds every checksum of the segment. */
  readonly uuid: Uint8Array;
  /** Of a segment whose records are encrypted; without its key they are given as they are on disk. */
  readonly seal: Seal | undefined;
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
  #end: number;
  #missing: SeqRange | undefined;

  constructor(file: DiskFile, records: RecordsToWalk) {
    this.#records = records;
    this.#belowSeq = records.belowSeq ?? Number.POSITIVE_INFINITY;
    this.#lastSeq = records.firstSeq - 1;
    const seed = frameSeedOf(records.uuid);
    this.#end = framesFrom(records.seal?.keyId ?? 0);
    this.#frames = new FrameWalk(file, this.#end, seed, (from, to) => {
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
      if (!this.#isGenuine(at)) {
        this.#bad.push({
          from: frames.position - frameBytesAt(frames.buffer, at),
          to: frames.position,
        });
        continue;
      }
      const expected = this.#lastSeq + 1;
      this.#missing = seq > expected ? { from: expected, to: seq - 1 } : undefined;
      this.#lastSeq = seq;
      this.#end = frames.position;
      return at;
    }
    return -1;
  }

  /** Opens the frame; one that nobody closed with the key is damage, whatever its checksums say. */
  #isGenuine(at: number): boolean {
    const { seal } = this.#records;
    if (seal === undefined) return !isSealedAt(this.#frames.buffer, at);
    return seal.cipher?.open(this.#frames.buffer, at) ?? true;
  }
}

/** The first whole record before `end`, of whatever seq; undefined when there is none. */
export async function firstRecordIn(
  file: DiskFile,
  { seal, uuid }: Pick<RecordsToWalk, "seal" | "uuid">,
  end: number,
): Promise<{ readonly buffer: Buffer; readonly at: number } | undefined> {
  const walk = new RecordWalk(file, { uuid, seal, firstSeq: 0 });
  while (await walk.load(end)) {
    const at = walk.next();
    if (at >= 0) return { buffer: walk.buffer, at };
  }
  return undefined;
}
