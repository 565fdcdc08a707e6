/**
 * Which segment is written: one is begun for the first commit of a run, after a failure, and when the
 * old one is full.
 */
import type { Disk } from "../core/disk.ts";
import type { Logger } from "../core/logger.ts";
import { ActiveSegment } from "./active-segment.ts";
import type { Batch } from "./batch.ts";
import type { KeyRing } from "./encryption/key-ring.ts";
import type { CreateFile, IsVoid } from "./files/create-over.ts";
import { framesFrom, type SegmentHeader } from "./format/segment-header.ts";
import type { KnownMessages } from "./known-messages.ts";
import type { SegmentTable } from "./segment-table.ts";
import type { Reserve } from "./space/reserve.ts";

export interface SuccessionContext {
  readonly disk: Disk;
  readonly folder: string;
  readonly logger: Logger;
  readonly table: SegmentTable;
  readonly reserve: Reserve;
  readonly keys: KeyRing;
  readonly identities: KnownMessages;
  readonly segmentBytes: number;
  /** Most bytes of identities in a footer. */
  readonly identityBytes: number;
  /** The header of a segment that begins with `firstSeq`. */
  readonly headerFor: (firstSeq: number, supersedesSeq: number) => SegmentHeader;
  /** Awaited before a segment is begun; rejects while what stands in front is in doubt. */
  readonly beforeFirst: () => Promise<void>;
  /** True for a segment that the start found and did not take. */
  readonly wasVoid: IsVoid;
  /** A gap event waits for the disk: what stands in front of it may take the reserve. */
  readonly isDeclaring: () => boolean;
}

export class SegmentSuccession {
  readonly #context: SuccessionContext;
  #active: ActiveSegment | undefined;
  /** What stands at and behind the first seq of a run, in a file that could not be closed, is void. */
  #supersedes = true;

  constructor(context: SuccessionContext) {
    this.#context = context;
  }

  /** The segment for a batch, begun if need be; rejects with what the disk said. `durableSeq`: by now. */
  async segmentFor(batch: Batch, durableSeq: number): Promise<ActiveSegment> {
    const { disk, segmentBytes } = this.#context;
    const current = this.#active;
    if (current) {
      const { framesEnd, tally } = current.segment;
      if (tally.recordCount === 0 || framesEnd + batch.bytes <= segmentBytes) return current;
      await this.retire(durableSeq);
    }
    return this.#begin(batch, (path) => disk.create(path));
  }

  /**
   * Begins a segment in the space of the reserve, so that what is to be declared needs none of the
   * volume; where it has no place there, gives that space to the volume. True when another attempt
   * is worth it.
   */
  async takeReserve(batch: Batch, durableSeq: number): Promise<boolean> {
    const { isDeclaring, keys, logger, reserve } = this.#context;
    if (!isDeclaring()) return false;
    if (!(await reserve.takes(framesFrom(keys.currentId) + batch.bytes))) return reserve.release();
    try {
      if (this.#active?.segment.tally.recordCount === 0) await this.abandon(this.#active);
      else await this.retire(durableSeq);
      await this.#begin(batch, (path) => reserve.become(path));
    } catch (failure) {
      logger.warn("cannot write to the reserve of the buffer; the volume has its space now", {
        failure: String(failure),
      });
      await reserve.release();
    }
    return true;
  }

  async #begin(batch: Batch, create: CreateFile): Promise<ActiveSegment> {
    const { beforeFirst, disk, folder, headerFor, keys, table, wasVoid } = this.#context;
    await beforeFirst();
    const firstSeq = batch.tally.firstSeq;
    const header = headerFor(firstSeq, this.#supersedes ? firstSeq : 0);
    const seal = keys.sealOf(header.keyId, header.uuid);
    const active = await ActiveSegment.create(disk, folder, header, seal, wasVoid, create);
    this.#supersedes = false;
    this.#active = active;
    table.add(active.segment);
    return active;
  }

  /** Closes the segment that is written with its footer. */
  async retire(durableSeq: number): Promise<void> {
    const { identities, identityBytes, logger } = this.#context;
    const active = this.#active;
    this.#active = undefined;
    if (!active) return;
    if (active.segment.tally.recordCount === 0) return active.close();
    try {
      await active.seal(await identities.format(identityBytes, durableSeq));
    } catch (failure) {
      logger.warn("cannot seal a segment; it will be read through at the next start", {
        segment: active.segment.path,
        failure: String(failure),
      });
    }
  }

  /** Leaves a segment that failed; its durable records stay, the rest goes elsewhere. */
  async abandon(active: ActiveSegment): Promise<void> {
    const { table } = this.#context;
    this.#active = undefined;
    this.#supersedes = true;
    await active.close();
    if (active.segment.tally.recordCount === 0) table.remove(active.segment);
  }
}
