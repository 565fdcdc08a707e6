/**
 * Judges a log by a model of a few lines: which texts were given out under which seq, which of them
 * were promised (`done` was called, or a reader saw them), and what the backbone has. Whatever was
 * promised must be held, be on the backbone, or be declared lost: within `from` and `to` of a range
 * precisely `count` records of its class are missing, and no record is missing by two ranges.
 */
import type { SegmentLog } from "../../src/buffer/segment-log.ts";
import type { GapRange } from "../../src/core/event.ts";
import type { RecordClass } from "../../src/core/event-kind.ts";
import { parseEventId, type RunId } from "../../src/core/ids.ts";
import { gapsAmong, type KeptRecord } from "./test-log.ts";

/** The log broke a promise. */
export class LogViolation extends Error {}

/** Throws unless it holds. */
export function ensure(holds: boolean, otherwise: string): void {
  if (!holds) throw new LogViolation(otherwise);
}

export class LogOracle {
  /** By event id. */
  readonly #given = new Map<string, string>();
  /** By seq: of the last record it was given to; several where nobody can know which that is. */
  readonly #classes = new Map<number, readonly RecordClass[]>();
  readonly #promised = new Map<number, string>();
  #highestPromised = 0;
  readonly #usedTwice: string[] = [];
  /** By seq: what the backbone has. */
  readonly #stored = new Map<number, KeptRecord>();
  /** On the backbone, which the log could not know when it started. */
  readonly #inDoubt = new Set<number>();
  readonly #declaredGone = new Set<number>();
  #storedSeq = 0;
  #lastGiven = 0;

  /** The highest seq on the backbone; 0 for none. */
  get storedSeq(): number {
    return this.#storedSeq;
  }

  /** The last message on the backbone, and which one it is of its stream. */
  get head():
    | { readonly run: RunId; readonly seq: number; readonly streamSeq: number }
    | undefined {
    const record = this.#stored.get(this.#storedSeq);
    return record && { run: record.run, seq: record.seq, streamSeq: this.#stored.size };
  }

  /** Promised records that a gap event declares. */
  get declaredLost(): number {
    return this.#declaredGone.size;
  }

  /** A run began. To be called before anything is appended, with what the cursor brought. */
  begin(log: Pick<SegmentLog, "confirmed" | "durableSeq" | "lastSeq">): void {
    this.#noteOwnRecords(log.lastSeq + 1);
    this.#lastGiven = log.lastSeq;
    // What is not durable yet is of the run before, or an event of the log that took the seq since.
    for (let seq = log.durableSeq + 1; seq <= log.lastSeq; seq += 1)
      this.#classes.set(seq, [...(this.#classes.get(seq) ?? []), "alarm"]);
    for (let seq = (log.confirmed?.seq ?? 0) + 1; seq <= this.#storedSeq; seq += 1)
      this.#inDoubt.add(seq);
  }

  /** The log asked for the text of a record. */
  give(id: string, text: string, recordClass: RecordClass): void {
    const seq = parseEventId(id)?.seq ?? 0;
    this.#noteOwnRecords(seq);
    this.#lastGiven = seq;
    this.#given.set(id, text);
    this.#classes.set(seq, [recordClass]);
  }

  /** Never throws: it is called from within the log, where nobody would hear of it. */
  promise(seq: number, text: string): void {
    const before = this.#promised.get(seq) ?? text;
    if (before !== text) this.#usedTwice.push(`${before} and ${text}`);
    this.#promised.set(seq, text);
    this.#highestPromised = Math.max(this.#highestPromised, seq);
  }

  /** The backbone has these; seqs rise. */
  store(records: readonly KeptRecord[]): void {
    for (const record of records) {
      const { seq } = record;
      if (seq <= this.#storedSeq) continue;
      ensure(!this.#declaredGone.has(seq), `record ${seq} was declared lost and is sent`);
      this.#stored.set(seq, record);
      this.#storedSeq = seq;
    }
  }

  /**
   * `records` are all that the log gives; `isSettled` when nothing is on its way to the disk.
   *
   * A log that cannot do the last write of the run before again gives it to nobody for a while, gap
   * events among it, though readers saw it before and what they speak of is gone since: until it is
   * back they cannot be missed.
   */
  check(
    records: readonly KeptRecord[],
    isSettled: boolean,
    { durableSeq, lastSeq }: Pick<SegmentLog, "durableSeq" | "lastSeq">,
  ): void {
    this.#noteOwnRecords(lastSeq + 1);
    const isHeldBack = !isSettled && this.#highestPromised > durableSeq;
    ensure(this.#usedTwice.length === 0, `seq used twice: ${this.#usedTwice[0]}`);
    const known = new Map(this.#stored);
    let before = 0;
    for (const record of records) {
      const { kind, recordClass, run, seq, text } = record;
      ensure(seq > before, `seq ${seq} stands behind ${before}`);
      before = seq;
      const given = kind === "gap" ? text : this.#given.get(`gw1.${run}.${seq}`);
      ensure(given === text, `record ${seq} is another`);
      const stored = known.get(seq);
      ensure(stored === undefined || stored.text === text, `record ${seq} is not what was sent`);
      ensure(!this.#declaredGone.has(seq), `record ${seq} was declared lost and is back`);
      this.#classes.set(seq, [recordClass]);
      this.promise(seq, text);
      known.set(seq, record);
    }
    const messages = [...known.values()].filter(({ kind }) => kind !== "gap").map(messageIn);
    ensure(new Set(messages).size === messages.length, "a message is there twice");
    const held = new Set(records.map(({ seq }): number => seq));
    const declared = this.#checkRanges(gapsAmong([...known.values()]), held, isHeldBack);
    if (!isSettled) return;
    for (const seq of this.#promised.keys())
      ensure(known.has(seq) || declared.has(seq), `record ${seq} is lost in silence`);
  }

  /**
   * Gives the seqs that are missing by a range. Each is by exactly one, and each range by as many as
   * it counts: first those that are nowhere, then what the backbone may have besides. While gap
   * events are held back, the range may be among theirs.
   */
  #checkRanges(
    ranges: readonly GapRange[],
    held: ReadonlySet<number>,
    isHeldBack: boolean,
  ): ReadonlySet<number> {
    const match = new LossMatch(ranges);
    const doubtful: number[] = [];
    for (const seq of new Set(ranges.flatMap(seqsIn))) {
      const classes = this.#classes.get(seq) ?? [];
      if (held.has(seq) || !match.concerns(seq, classes)) continue;
      if (this.#inDoubt.has(seq)) doubtful.push(seq);
      else if (!this.#stored.has(seq)) {
        const isCounted = match.add(seq, classes);
        ensure(isCounted || isHeldBack, `record ${seq} is missing, in a range that counts fewer`);
        if (isCounted) this.#declaredGone.add(seq);
      }
    }
    for (const seq of doubtful) match.add(seq, this.#classes.get(seq) ?? []);
    for (const { range, open } of match.unfilled())
      ensure(
        false,
        `${range.count} ${range.class} declared from ${range.from} to ${range.to} ` +
          `(${range.reason}), ${range.count - open} are missing`,
      );
    return match.seqs;
  }

  /** Seqs that nobody asked for went to events of the log itself. */
  #noteOwnRecords(before: number): void {
    for (let seq = this.#lastGiven + 1; seq < before; seq += 1) this.#classes.set(seq, ["alarm"]);
    this.#lastGiven = Math.max(this.#lastGiven, before - 1);
  }
}

/** Which range each missing record is counted by. */
class LossMatch {
  readonly #ranges: readonly GapRange[];
  /** By place in the list: the seqs it counts, with their classes. */
  readonly #counted: readonly Map<number, readonly RecordClass[]>[];

  constructor(ranges: readonly GapRange[]) {
    this.#ranges = ranges;
    this.#counted = ranges.map(() => new Map());
  }

  get seqs(): ReadonlySet<number> {
    return new Set(this.#counted.flatMap((seqs) => [...seqs.keys()]));
  }

  concerns(seq: number, classes: readonly RecordClass[]): boolean {
    return this.#ranges.some((range) => isOf(range, seq, classes));
  }

  /** False when every range that could count it is full, however others are moved. */
  add(seq: number, classes: readonly RecordClass[], tried = new Set<number>()): boolean {
    for (const [index, range] of this.#ranges.entries()) {
      if (tried.has(index) || !isOf(range, seq, classes)) continue;
      tried.add(index);
      const counted = this.#counted[index] ?? new Map();
      if (counted.size >= range.count) {
        const moved = [...counted].find(([other, ofClasses]) => this.add(other, ofClasses, tried));
        if (!moved) continue;
        counted.delete(moved[0]);
      }
      counted.set(seq, classes);
      return true;
    }
    return false;
  }

  /** The ranges that count more than there is, with how many more. */
  unfilled(): readonly { readonly range: GapRange; readonly open: number }[] {
    return this.#ranges.flatMap((range, index) => {
      const open = range.count - (this.#counted[index]?.size ?? 0);
      return open > 0 ? [{ range, open }] : [];
    });
  }
}

function isOf(range: GapRange, seq: number, classes: readonly RecordClass[]): boolean {
  if (seq < range.from || seq > range.to) return false;
  return range.class === "mixed" || classes.includes(range.class);
}

function seqsIn({ from, to }: GapRange): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function messageIn({ text }: KeptRecord): number {
  return Number(/"n":(\d+)/.exec(text)?.[1]);
}
