/**
 * Walks over the frames of one segment file, in chunks of bounded size, and steps over damage.
 *
 * Valid frames come in order of their place. Where bytes are damaged the walk goes on at the next
 * frame whose checksums fit; the caller sees what is missing by the seqs, and is told where the bad
 * bytes lie. A place that the disk cannot read counts as damaged.
 */
import type { DiskFile } from "../../core/disk.ts";
import {
  frameAlignment,
  frameBytesAt,
  frameHeaderBytes,
  isHeaderValid,
  isPayloadValid,
} from "../format/frame.ts";
import { readDespiteErrors } from "./read-part.ts";

const chunkBytes = 1024 * 1024;

export class FrameWalk {
  readonly #file: DiskFile;
  readonly #seed: number;
  readonly #onBadBytes: (from: number, to: number) => void;
  #buffer = Buffer.allocUnsafe(chunkBytes);
  /** Where the buffer begins in the file, how much of it is filled, and where the walk stands. */
  #base: number;
  #filled = 0;
  #at = 0;
  /** From here on the buffer has what never left the process: checked behind damage only. */
  #sureFrom = Number.POSITIVE_INFINITY;
  #badFrom: number | undefined;

  constructor(
    file: DiskFile,
    from: number,
    seed: number,
    onBadBytes: (from: number, to: number) => void = () => {},
  ) {
    this.#file = file;
    this.#base = from;
    this.#seed = seed;
    this.#onBadBytes = onBadBytes;
  }

  /** The chunk that the places given by `next` are in; what stands in it changes with `load`. */
  get buffer(): Buffer {
    return this.#buffer;
  }

  /** Where in the file the walk stands: behind the last frame given, or behind damage after it. */
  get position(): number {
    return this.#base + this.#at;
  }

  /** Where the bytes begin that nobody could make sense of so far; undefined after a good frame. */
  get badFrom(): number | undefined {
    return this.#badFrom;
  }

  /** The place of the next valid frame in `buffer`; -1 when the chunk has no further one. */
  next(): number {
    const buffer = this.#buffer;
    while (this.#at + frameHeaderBytes <= this.#filled) {
      const at = this.#at;
      const isSure = at >= this.#sureFrom && this.#badFrom === undefined;
      if (!isSure && !isHeaderValid(buffer, at, this.#seed)) {
        this.#skip(frameAlignment);
        continue;
      }
      const size = frameBytesAt(buffer, at);
      if (at + size > this.#filled) return -1;
      if (!isSure && !isPayloadValid(buffer, at)) {
        this.#skip(size);
        continue;
      }
      this.#at = at + size;
      if (this.#badFrom !== undefined) {
        this.#onBadBytes(this.#badFrom, this.#base + at);
        this.#badFrom = undefined;
      }
      return at;
    }
    return -1;
  }

  /**
   * Reads on, up to `end` of the file; false when there is nothing more before it. What `recent` can
   * give of a place is neither read nor checked.
   */
  async load(end: number, recent?: (target: Uint8Array, at: number) => number): Promise<boolean> {
    const rest = this.#filled - this.#at;
    const nextByte = this.#base + this.#filled;
    if (nextByte >= end) return this.#stepOverTorn(rest);
    if (rest * 2 > this.#buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length, this.#neededBytes(rest)));
      this.#buffer.copy(grown, 0, this.#at, this.#filled);
      this.#buffer = grown;
    } else {
      this.#buffer.copyWithin(0, this.#at, this.#filled);
    }
    this.#base += this.#at;
    this.#at = 0;
    const target = this.#buffer.subarray(rest, Math.min(this.#buffer.length, end - this.#base));
    const given = recent?.(target, nextByte) ?? 0;
    this.#sureFrom = given > 0 ? rest : Number.POSITIVE_INFINITY;
    const read = given || (await readDespiteErrors(this.#file, target, nextByte));
    this.#filled = rest + read;
    return read > 0 || this.#stepOverTorn(rest);
  }

  /** A valid header whose payload ends behind the end is no frame: search on behind the header. */
  #stepOverTorn(rest: number): boolean {
    if (rest < frameHeaderBytes) {
      if (rest > 0) this.#skip(rest);
      return false;
    }
    this.#skip(frameAlignment);
    return true;
  }

  #neededBytes(rest: number): number {
    if (rest < frameHeaderBytes) return 0;
    return frameBytesAt(this.#buffer, this.#at) + chunkBytes;
  }

  #skip(bytes: number): void {
    this.#badFrom ??= this.#base + this.#at;
    this.#at += bytes;
  }
}
