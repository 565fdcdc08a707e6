/**
 * The one segment that is being written.
 *
 * Invariants
 * - The header is on the medium, and so is the file's name, before the first record is written.
 * - Once a write or a sync failed, nothing more is written to the file and it is never synced
 *   again: the system may have forgotten what it could not write and would answer that all is well.
 */
import { join } from "node:path";
import type { Disk, DiskFile } from "../core/disk.ts";
import { writeAll } from "../core/write-all.ts";
import type { Batch } from "./batch.ts";
import { closeSection, type Seal } from "./encryption/seal.ts";
import { type CreateFile, createOver, type IsVoid } from "./files/create-over.ts";
import { isFull } from "./files/disk-errors.ts";
import { coveredRanges } from "./format/gap-ranges.ts";
import { formatFooter } from "./format/segment-footer.ts";
import {
  formatSegmentHeader,
  frameSeedOf,
  framesFrom,
  type SegmentHeader,
  segmentName,
} from "./format/segment-header.ts";
import { Tally } from "./format/tally.ts";
import type { Segment } from "./segment.ts";

/**
 * - `durable`: written and synced.
 * - `full`: there was no space; nothing was written, the segment goes on.
 * - `failed`: the segment must not be used any more.
 */
export type WriteOutcome =
  | { readonly kind: "durable" }
  | { readonly kind: "full" | "failed"; readonly cause: unknown };

export class ActiveSegment {
  readonly segment: Segment;
  readonly #file: DiskFile;
  readonly #seed: number;
  /** The file had this size before anything was written to it. */
  readonly #givenBytes: number;

  private constructor(segment: Segment, file: DiskFile, givenBytes: number) {
    this.segment = segment;
    this.#file = file;
    this.#givenBytes = givenBytes;
    this.#seed = frameSeedOf(segment.uuid);
  }

  /**
   * Begins a segment file. One of that name goes when it is of this run, the remains of an attempt
   * that failed, or `wasVoid` at the start. What `create` gives may have a size, and zeros in it.
   * `seal` is what the header's key and UUID come to.
   */
  static async create(
    disk: Disk,
    folder: string,
    header: SegmentHeader,
    seal: Seal | undefined,
    wasVoid: IsVoid,
    create: CreateFile = (path) => disk.create(path),
  ): Promise<ActiveSegment> {
    const path = join(folder, segmentName(header.firstSeq));
    const file = await createOver(
      disk,
      path,
      (found) => found.run === header.run || wasVoid(found),
      create,
    );
    let givenBytes: number;
    try {
      givenBytes = await file.sizeBytes();
      await writeAll(file, [formatSegmentHeader(header)], 0);
      await file.sync();
      await disk.syncFolder(folder);
    } catch (failure) {
      await file.close().catch(() => {});
      throw failure;
    }
    const segment: Segment = {
      path,
      uuid: header.uuid,
      seal,
      run: header.run,
      firstSeq: header.firstSeq,
      previousSeq: header.previousSeq,
      tally: new Tally(),
      framesEnd: framesFrom(header.keyId),
      fileBytes: framesFrom(header.keyId),
      state: "active",
      confirmedAtMs: undefined,
      damaged: [],
      keptFrom: 0,
      declaredFrom: 0,
    };
    return new ActiveSegment(segment, file, givenBytes);
  }

  /** Writes and syncs a batch. */
  async append(batch: Batch): Promise<WriteOutcome> {
    const { segment } = this;
    const frames = batch.seal(this.#seed, segment.seal);
    try {
      await writeAll(this.#file, [frames], segment.framesEnd);
    } catch (cause) {
      if (!isFull(cause)) return { kind: "failed", cause };
      return this.#takeBack(cause);
    }
    try {
      // Somebody may have removed it: a sync of a file without a name succeeds, and nothing is kept.
      const [isNamed] = await Promise.all([this.#file.isNamed(), this.#file.sync()]);
      if (!isNamed) return { kind: "failed", cause: new Error("somebody removed the file") };
    } catch (cause) {
      return { kind: "failed", cause };
    }
    segment.framesEnd += batch.bytes;
    segment.fileBytes = segment.framesEnd;
    segment.tally.addAll(batch.tally);
    // Records that were never written: their seqs are missing from the beginning.
    const skipped = batch.tally.gaps.filter(({ reason }) => reason === "too-large");
    if (skipped.length > 0) {
      const all = { from: segment.firstSeq, to: segment.tally.lastSeq };
      segment.damaged = coveredRanges(all, [...segment.damaged, ...skipped]);
    }
    return { kind: "durable" };
  }

  /**
   * Writes the footer and closes the file. The records are durable before; a segment whose footer
   * could not be written is read through at the next start.
   */
  async seal(identities: Uint8Array): Promise<void> {
    const { segment } = this;
    const section = closeSection(segment.seal, identities);
    const footer = formatFooter(segment, segment.framesEnd, section);
    const end = segment.framesEnd + footer.length;
    try {
      await writeAll(this.#file, [footer], segment.framesEnd);
      if (this.#givenBytes > end) await this.#file.truncate(end);
      await this.#file.sync();
      segment.fileBytes = end;
    } catch (failure) {
      if (isFull(failure)) await this.#takeBack(failure);
      throw failure;
    } finally {
      await this.close();
    }
  }

  /** Leaves the file as it is. */
  async close(): Promise<void> {
    this.segment.state = "closed";
    await this.#file.close().catch(() => {});
  }

  async #takeBack(cause: unknown): Promise<WriteOutcome> {
    try {
      await this.#file.truncate(this.segment.framesEnd);
      return { kind: "full", cause };
    } catch (truncateFailure) {
      return { kind: "failed", cause: truncateFailure };
    }
  }
}
