/**
 * Reads durable records in order, from segment to segment, without ever holding more than one chunk
 * of a file.
 *
 * The records it gives are views into that chunk. Where a seq is missing inside a segment it says
 * so, once it is sure; losses that were declared before are only stepped over, and so are records of
 * classes that were given up.
 *
 * Who publishes waits at damage until the gap event about it is on disk: once something behind it is
 * confirmed, nobody asks any more for what was there.
 */
import type { Disk, DiskFile } from "../core/disk.ts";
import { GatewayError } from "../core/errors.ts";
import { kindOfCode } from "../core/event-kind.ts";
import { toSeq } from "../core/ids.ts";
import type { LogReader } from "../core/log-reader.ts";
import type { StoredRecord } from "../core/record.ts";
import { isMissing } from "./files/disk-errors.ts";
import { RecordWalk } from "./files/record-walk.ts";
import {
  appendedMsAt,
  classAt,
  frameHeaderBytes,
  payloadBytesAt,
  rankAt,
  seqAt,
  typeAt,
} from "./format/frame.ts";
import type { SeqRange } from "./format/gap-ranges.ts";
import { bodyStart, deliveryAt, tokenAt } from "./format/payload.ts";
import type { RecentFrames } from "./recent-frames.ts";
import { isDamaged, isUndeclared, keptRecordsOf, lastSeqOf, type Segment } from "./segment.ts";
import type { SegmentTable } from "./segment-table.ts";

export interface ReaderContext {
  readonly disk: Disk;
  readonly table: SegmentTable;
  readonly recent: RecentFrames;
  /** Awaited before the first record of a segment is given. */
  readonly beforeSegment: (segment: Segment) => Promise<void>;
  /** True while nothing behind damage may be given. */
  readonly mustWait: () => boolean;
  /** Called when the records `lost` of a segment turn out to be unreadable; `bad` are its bytes. */
  readonly onMissing: (segment: Segment, lost: SeqRange, bad: SeqRange | undefined) => void;
  /** Called when a segment without some classes has bytes that nobody could make sense of. */
  readonly onDamaged: (segment: Segment) => void;
  /** Called with the first record of each chunk that is given. */
  readonly onGiven: (seq: number, appendedMs: number) => void;
}

/** A segment that is being read. */
interface OpenSegment {
  readonly segment: Segment;
  readonly file: DiskFile;
  readonly walk: RecordWalk;
  /** The damaged bytes that the walk stepped over last. */
  bad: SeqRange | undefined;
  /** The place of a record that waits until what is missing before it is declared. */
  waitingAt: number | undefined;
  /** Is to be read again from the last record given, once it is counted. */
  isInDoubt: boolean;
}

export class SegmentReader implements LogReader {
  readonly #context: ReaderContext;
  #lastSeq: number;
  #open: OpenSegment | undefined;
  /** Without some classes, and damaged: it is being counted, or was. */
  #counted: Segment | undefined;

  /** Gives what stands behind `after`. */
  constructor(context: ReaderContext, after: number) {
    this.#context = context;
    this.#lastSeq = after;
  }

  async next(maxRecords: number): Promise<readonly StoredRecord[]> {
    const { recent } = this.#context;
    for (;;) {
      const open = this.#open ?? (await this.#openNext());
      if (!open || isUndeclared(open.segment)) return [];
      if (open.segment.state === "rewritten") {
        await this.close();
        continue;
      }
      const records = this.#takeFromChunk(open, maxRecords);
      if (open.isInDoubt) await this.close();
      const [first] = records;
      if (first) {
        this.#context.onGiven(first.seq, first.appendedMs);
        return records;
      }
      if (open.waitingAt !== undefined || open.isInDoubt) return [];
      const { segment, walk } = open;
      const { framesEnd, state } = segment;
      const isOver = state === "gone" || keptRecordsOf(segment) === 0;
      const copyRecent = (target: Uint8Array, at: number) => recent.copyTo(target, segment, at);
      if (!isOver && (await walk.load(framesEnd, copyRecent))) continue;
      if (state === "active") return [];
      await this.#leave(open);
    }
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.file.close();
  }

  #takeFromChunk(open: OpenSegment, maxRecords: number): StoredRecord[] {
    const { segment, walk } = open;
    const records: StoredRecord[] = [];
    while (records.length < maxRecords) {
      const { waitingAt } = open;
      open.waitingAt = undefined;
      // It may have been declared lost while it waited.
      if (waitingAt !== undefined && isDamaged(segment, walk.lastSeq)) continue;
      const at = waitingAt ?? walk.next();
      if (at < 0) break;
      open.bad = walk.takeBad().at(-1) ?? open.bad;
      if (open.bad && this.#mustCount(segment)) {
        open.isInDoubt = true;
        break;
      }
      if (walk.missing && segment.keptFrom === 0) {
        this.#context.onMissing(segment, walk.missing, open.bad);
        if (this.#context.mustWait()) {
          open.waitingAt = at;
          break;
        }
      }
      this.#lastSeq = walk.lastSeq;
      if (rankAt(walk.buffer, at) < segment.keptFrom) continue;
      const record = toRecord(segment, walk.buffer, at);
      if (record) records.push(record);
    }
    return records;
  }

  async #openNext(): Promise<OpenSegment | undefined> {
    const { disk, table, beforeSegment, mustWait } = this.#context;
    const segment = table.behind(this.#lastSeq);
    if (!segment || isUndeclared(segment) || mustWait()) return undefined;
    await beforeSegment(segment);
    let file: DiskFile;
    try {
      file = await disk.open(segment.path, "read");
    } catch (failure) {
      if (!isMissing(failure))
        throw GatewayError.from(failure, "buffer.io", `cannot read ${segment.path}`);
      if (!this.#mustCount(segment)) this.#stepOver(segment, undefined);
      return this.#openNext();
    }
    const walk = new RecordWalk(file, {
      uuid: segment.uuid,
      seal: segment.seal,
      firstSeq: Math.max(segment.firstSeq, this.#lastSeq + 1),
      isLost: (seq) => seq > lastSeqOf(segment) || isDamaged(segment, seq),
    });
    const open: OpenSegment = {
      segment,
      file,
      walk,
      bad: undefined,
      waitingAt: undefined,
      isInDoubt: false,
    };
    this.#open = open;
    return open;
  }

  /** Goes on behind the segment; what it should have had and did not give is missing. */
  async #leave({ bad: noted, file, segment, walk }: OpenSegment): Promise<void> {
    this.#open = undefined;
    const bad = walk.takeBad().at(-1) ?? noted;
    const from = walk.badFrom;
    const isWhole = bad === undefined && from === undefined && walk.position >= segment.framesEnd;
    if (isWhole || !this.#mustCount(segment))
      this.#stepOver(segment, from === undefined ? undefined : { from, to: segment.framesEnd });
    await file.close();
  }

  /**
   * For damage in a segment without some classes, where seqs do not tell what is missing: has it
   * counted, once. True when the reader must wait for that, and then read it again.
   */
  #mustCount(segment: Segment): boolean {
    if (segment.keptFrom === 0 || this.#counted === segment) return false;
    this.#counted = segment;
    this.#context.onDamaged(segment);
    return this.#context.mustWait();
  }

  #stepOver(segment: Segment, bad: SeqRange | undefined): void {
    const from = Math.max(this.#lastSeq + 1, segment.firstSeq);
    const to = lastSeqOf(segment);
    if (from > to) return;
    if (segment.state === "closed" && segment.keptFrom === 0)
      this.#context.onMissing(segment, { from, to }, bad);
    this.#lastSeq = to;
  }
}

/** Undefined for a type that no version of this program has written. */
function toRecord(segment: Segment, buffer: Buffer, at: number): StoredRecord | undefined {
  const kind = kindOfCode(typeAt(buffer, at));
  if (!kind) return undefined;
  const payloadAt = at + frameHeaderBytes;
  const record = {
    run: segment.run,
    seq: toSeq(seqAt(buffer, at)),
    appendedMs: appendedMsAt(buffer, at),
    kind,
    recordClass: classAt(buffer, at),
    deviceToken: tokenAt(buffer, payloadAt),
    body: buffer.subarray(bodyStart(buffer, payloadAt), payloadAt + payloadBytesAt(buffer, at)),
  };
  const delivery = deliveryAt(buffer, payloadAt);
  return delivery ? { ...record, delivery } : record;
}
