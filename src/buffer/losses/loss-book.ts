/**
 * Every record that is lost is declared here, once: a gap event goes into the log like any other
 * record, and travels to the backbone.
 */
import { basename } from "node:path";
import { type Audit, type AuditFacts, ownAct } from "../../core/audit.ts";
import type { Clock } from "../../core/clock.ts";
import type { Disk } from "../../core/disk.ts";
import type { GapRange, Origin } from "../../core/event.ts";
import type { RecordClass } from "../../core/event-kind.ts";
import { createGapDrafter } from "../../core/gap-draft.ts";
import type { RunId, Seq } from "../../core/ids.ts";
import type { Logger } from "../../core/logger.ts";
import type { RecordDraft } from "../../core/record-draft.ts";
import { withFile } from "../files/with-file.ts";
import {
  countLost,
  countRanges,
  coveredRanges,
  type SeqRange,
  unsaidOf,
} from "../format/gap-ranges.ts";
import type { Positions } from "../positions.ts";
import { keptRecordsOf, type Segment, spanOf } from "../segment.ts";
import { lossesIn, lossOfSome, readableGaps } from "./find-losses.ts";
import { countKept } from "./kept-records.ts";
import type { Quarantine } from "./quarantine.ts";

export interface LossBookContext {
  readonly audit: Audit;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly origin: Origin;
  readonly positions: Positions;
  readonly quarantine: Quarantine;
  /** Appends a record; the gap event is on disk once the log is durable up to what this gives. */
  readonly append: (draft: RecordDraft) => Seq;
  /** Called when readers may go on though nothing became durable. */
  readonly onDeclared: () => void;
}

export class LossBook {
  readonly #context: LossBookContext;
  readonly #draft: ReturnType<typeof createGapDrafter>;
  readonly #work = new Set<Promise<void>>();
  /** Who waits for gap events that are not on disk yet, in order of their seqs. */
  #waiting: { readonly seq: Seq; readonly whenDurable: () => void }[] = [];
  #lostRecords = 0;
  #undeclared = 0;
  #isClosed = false;

  constructor(context: LossBookContext) {
    this.#context = context;
    this.#draft = createGapDrafter(context.origin, context.clock);
  }

  /** Records lost since the process started. */
  get lostRecords(): number {
    return this.#lostRecords;
  }

  /** Something turned out to be lost, and the gap event that says so is not on disk yet. */
  get isDeclaring(): boolean {
    return this.#undeclared > 0;
  }

  /** Resolves when nothing is being counted or kept any more, and all that was found is appended. */
  async settle(): Promise<void> {
    while (this.#work.size > 0) await Promise.all(this.#work);
  }

  /** From here on what turns out to be lost is left to the next start. */
  close(): void {
    this.#isClosed = true;
  }

  /** Who publishes waits until what this gives is called. */
  holdBack(): () => void {
    this.#undeclared += 1;
    return () => {
      this.#undeclared -= 1;
    };
  }

  /** Declares what a start found, or a reader; who publishes waits for it. */
  declareDamage(losses: readonly GapRange[]): void {
    this.#undeclared += 1;
    const records = countLost(losses);
    this.declare(losses, records, () => {
      this.#undeclared -= 1;
    });
  }

  /**
   * Appends one gap event. `lostRecords` counts what is lost now; the ranges may repeat what older
   * gap events said, where those go with the records they stand among.
   */
  declare(ranges: readonly GapRange[], lostRecords: number, whenDurable?: () => void): void {
    if (this.#isClosed) return;
    const seq = this.#append(ranges, lostRecords);
    if (whenDurable) this.#waiting.push({ seq, whenDurable });
  }

  /** To be called after each commit: tells those whose gap events are on disk. */
  tellDurable(durableSeq: number): void {
    while ((this.#waiting[0]?.seq ?? Number.POSITIVE_INFINITY) <= durableSeq)
      this.#waiting.shift()?.whenDurable();
  }

  /** A record that was given `seq` is larger than the buffer can take. Gives the gap event's seq. */
  declareTooLarge(
    lost: { readonly run: RunId; readonly seq: Seq; readonly recordClass: RecordClass },
    bytes: number,
  ): Seq {
    const { recordClass, run, seq } = lost;
    this.#context.logger.error("a record is larger than the buffer takes; it is lost", {
      seq,
      bytes,
      advice: "raise buffer.max_bytes to four times that at least, or send less at a time",
    });
    const range = { run, from: seq, to: seq, count: 1, class: recordClass, reason: "too-large" };
    return this.#append([range], 1);
  }

  /** A reader found records of a segment unreadable: declares those that were not yet. */
  reportMissing(segment: Segment, lost: SeqRange, bad: SeqRange | undefined): void {
    if (this.#isClosed) return;
    const { logger, positions } = this.#context;
    const losses = lossesIn(lost, segment.run, positions.confirmedSeq, segment.damaged);
    segment.damaged = coveredRanges(spanOf(segment), [...segment.damaged, lost]);
    if (losses.length === 0) return;
    const records = countRanges(losses);
    logger.error("records of the buffer are damaged and lost", { ...lost, records });
    if (segment.tally.gaps.length === 0) this.declareDamage(losses);
    else this.#begin(this.#declareAgain(segment, losses));
    if (bad) this.#begin(this.#keepBytes(segment, lost, bad));
  }

  /** Declares that so many records of a segment are unreadable, of which none can be named. */
  reportLost(segment: Segment, records: number): void {
    const { logger, positions } = this.#context;
    const losses = lossOfSome(segment, records, positions.confirmedSeq);
    if (losses.length === 0) return;
    logger.error("records of the buffer are damaged and lost", { losses });
    this.declareDamage(losses);
  }

  /** A reader found damage in a segment without some classes, where seqs tell nothing: counts. */
  recount(segment: Segment): void {
    if (!this.#isClosed) this.#begin(this.#countAgain(segment));
  }

  async #countAgain(segment: Segment): Promise<void> {
    const { disk, logger, onDeclared } = this.#context;
    const { keptFrom, tally } = segment;
    this.#undeclared += 1;
    try {
      const kept = (await countKept(disk, segment)).tally;
      const isSame = segment.keptFrom === keptFrom && segment.tally === tally;
      if (segment.state !== "closed" || !isSame) return;
      const lost = keptRecordsOf(segment) - kept.recordCount;
      segment.tally = kept;
      if (lost > 0) this.reportLost(segment, lost);
    } catch (failure) {
      logger.warn("cannot count what is damaged in a segment", { failure: String(failure) });
    } finally {
      this.#undeclared -= 1;
      onDeclared();
    }
  }

  #append(ranges: readonly GapRange[], lostRecords: number): Seq {
    this.#lostRecords += lostRecords;
    if (lostRecords > 0) this.#context.audit.note(lossFacts(ranges, lostRecords));
    return this.#context.append(this.#draft(ranges));
  }

  #begin(work: Promise<void>): void {
    const noted = work.finally(() => this.#work.delete(noted));
    this.#work.add(noted);
  }

  /** With what gap events declared that are among the lost records themselves. */
  async #declareAgain(segment: Segment, losses: readonly GapRange[]): Promise<void> {
    this.#undeclared += 1;
    const said = segment.tally.gaps;
    segment.tally.gaps = [];
    const readable = await readableGaps(this.#context.disk, segment);
    if (keptRecordsOf(segment) > 0) segment.tally.gaps = readable;
    this.declareDamage([...losses, ...unsaidOf(said, segment.tally.gaps)]);
    this.#undeclared -= 1;
  }

  async #keepBytes(segment: Segment, lost: SeqRange, bad: SeqRange): Promise<void> {
    const { disk, quarantine } = this.#context;
    const find = {
      segment: basename(segment.path),
      offset: bad.from,
      bytes: bad.to - bad.from,
      reason: "damaged",
      lost,
    };
    await withFile(disk, segment.path, (file) => quarantine.keepBytes(file, find)).catch(() => {});
  }
}

/** Ranges of older gap events may stand among them, so what is lost now is counted apart. */
function lossFacts(ranges: readonly GapRange[], lostRecords: number): AuditFacts {
  const reasons = [...new Set(ranges.map(({ reason }) => reason))].join(", ");
  const from = Math.min(...ranges.map((range) => range.from));
  const to = Math.max(...ranges.map((range) => range.to));
  return ownAct("drop", `records ${from} to ${to}`, "done", `${lostRecords} are lost: ${reasons}`);
}
