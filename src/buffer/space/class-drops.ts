/**
 * Gives up records by class: rejections first, over all segments that may lose them, then telemetry,
 * then state, alarms last; in each class the oldest first.
 *
 * The unit is one class of one segment. A gap event says what goes, for all that is given up at a
 * time; once that is durable, `declared-drops.ts` takes it off the disk. Gap events about segments
 * that are gone count as nothing to keep: what they declare moves into the new one.
 *
 * Never touched are what was published from or confirmed, the newest segment, from which seqs go on,
 * and the newest sealed one, whose footer knows the devices' last messages.
 */
import type { GapRange } from "../../core/event.ts";
import { recordClasses } from "../format/frame.ts";
import { countLost, joinRanges, type SeqRange } from "../format/gap-ranges.ts";
import { countKept } from "../losses/kept-records.ts";
import type { Positions } from "../positions.ts";
import {
  countFrom,
  isUndeclared,
  keptRecordsOf,
  lastSeqOf,
  nothingKept,
  type Segment,
} from "../segment.ts";
import type { DeclaredDrops } from "./declared-drops.ts";
import type { DeleteContext } from "./delete-segments.ts";
import { isCounted, isWorthCounting, lossOf } from "./drop-losses.ts";

/** Of more segments without some classes the oldest go as a whole: each is a file and some memory. */
const mostSparse = 1_024;

export interface ClassDropsContext extends DeleteContext {
  readonly positions: Positions;
  /** Takes off the disk what is declared. */
  readonly ended: DeclaredDrops;
  /** Appends a gap event; calls `done` when it is durable. */
  readonly declare: (ranges: readonly GapRange[], records: number, done: () => void) => void;
  /** Declares records that turn out to be unreadable. */
  readonly onMissing: (segment: Segment, lost: SeqRange) => void;
}

export class ClassDrops {
  readonly #context: ClassDropsContext;
  /** Given up, and not handed over for declaration yet. */
  #segments = new Set<Segment>();
  #lost: GapRange[] = [];
  /** What the gap events said that are given up. */
  #merged: GapRange[] = [];

  constructor(context: ClassDropsContext) {
    this.#context = context;
  }

  /** A gap event is on its way to disk, and with it the space of what it declares. */
  get isDeclaring(): boolean {
    return this.#context.table.all.some(isUndeclared);
  }

  /** Gives up the least there is; false when nothing may be given up. */
  async giveUpNext(): Promise<boolean> {
    for (;;) {
      const next = this.#leastImportant();
      if (!next) return false;
      const { segment } = next;
      if (!isCounted(segment) && (await this.#recount(segment)) && isWorthCounting(segment))
        continue;
      if (this.#droppable().includes(segment)) this.#giveUp(segment, next.keptFrom);
      return true;
    }
  }

  /** Declares what was given up since, in one gap event. */
  declare(): void {
    if (this.#segments.size === 0) return;
    const { declare, ended, logger } = this.#context;
    for (const segment of this.#droppable().filter((one) => keptRecordsOf(one) > 0))
      if (segment.keptFrom > 0 && this.#holdsNothingFrom(segment, segment.keptFrom))
        this.#giveUp(segment, nothingKept);
    const given = [...this.#segments].map(({ firstSeq, keptFrom }) => ({ firstSeq, keptFrom }));
    const lost = this.#lost;
    const ranges = joinRanges([...this.#merged, ...lost], (range) => this.#isGone(range));
    this.#segments = new Set();
    this.#lost = [];
    this.#merged = [];
    const records = countLost(lost);
    logger.error("buffer full: records are given up", { records, lost });
    const onDeclared = (): void => ended.noteDeclared(given);
    // Nothing is left to be said of a segment that is damaged as a whole.
    if (ranges.length === 0) onDeclared();
    else declare(ranges, records, onDeclared);
  }

  #droppable(): Segment[] {
    const { positions, table } = this.#context;
    const { newest, newestSealed } = table;
    return table.all.filter(
      (segment) =>
        segment.state === "closed" &&
        segment !== newest &&
        segment !== newestSealed &&
        segment.firstSeq > positions.publishedFirstSeq &&
        segment.firstSeq > positions.confirmedSeq,
    );
  }

  #leastImportant(): { readonly segment: Segment; readonly keptFrom: number } | undefined {
    const droppable = this.#droppable().filter((segment) => keptRecordsOf(segment) > 0);
    const sparse = droppable.filter(({ keptFrom }) => keptFrom > 0);
    const [oldest] = sparse;
    if (oldest && sparse.length > mostSparse) return { segment: oldest, keptFrom: nothingKept };
    for (const code of recordClasses.keys()) {
      const segment = droppable.find(
        ({ keptFrom, tally }) => keptFrom <= code && (tally.records[code] ?? 0) > 0,
      );
      if (segment) return { segment, keptFrom: code + 1 };
    }
    return undefined;
  }

  #giveUp(segment: Segment, wanted: number): void {
    const isAll = !isCounted(segment) || this.#holdsNothingFrom(segment, wanted);
    const keptFrom = isAll ? nothingKept : wanted;
    this.#lost.push(...lossOf(segment, keptFrom));
    if (keptFrom === nothingKept) this.#merged.push(...segment.tally.gaps);
    segment.keptFrom = keptFrom;
    this.#segments.add(segment);
  }

  /**
   * True when nothing is left of the classes from `code` on but gap events about segments that are
   * gone: their ranges can be joined, and take no more room in another gap event.
   */
  #holdsNothingFrom(segment: Segment, code: number): boolean {
    const count = countFrom(segment, code);
    const { gapRecords, gaps } = segment.tally;
    return count === 0 || (count === gapRecords && gaps.every((range) => this.#isGone(range)));
  }

  /**
   * True when no record of these seqs is held, and will not be after a crash either: what a gap event
   * gives up that is not durable yet may be there again.
   */
  #isGone({ from, to }: SeqRange): boolean {
    return !this.#context.table.all.some(
      (segment) =>
        countFrom(segment, segment.declaredFrom) > 0 &&
        segment.firstSeq <= to &&
        lastSeqOf(segment) >= from,
    );
  }

  /**
   * What is damaged in a segment counts for no class: reads it through, and declares what is new.
   * False when it cannot be read.
   */
  async #recount(segment: Segment): Promise<boolean> {
    const { disk, logger, onMissing } = this.#context;
    try {
      const { holes, tally } = await countKept(disk, segment);
      segment.tally = tally;
      for (const hole of holes) onMissing(segment, hole);
      return true;
    } catch (failure) {
      logger.warn("cannot read a segment that is to be given up; it goes as a whole", {
        segment: segment.path,
        failure: String(failure),
      });
      return false;
    }
  }
}
