/**
 * The durable log against a model of a few lines, over disks that crash at any moment.
 *
 * The model knows which texts were given out under which seq, which of them were promised (`done`
 * was called, or a reader saw them), and how far the backbone confirmed. After every start all that
 * was promised must be there or be declared lost.
 */
import type { SegmentLog } from "../../src/buffer/segment-log.ts";
import type { Disk } from "../../src/core/disk.ts";
import type { GapRange } from "../../src/core/event.ts";
import { toStreamSeq } from "../../src/core/ids.ts";
import type { Random } from "../../src/core/retry.ts";
import { ManualClock } from "./manual-clock.ts";
import { type DiskCall, SimDisk } from "./sim-disk.ts";
import { draftOf, gapsAmong, type KeptRecord, openTestLog, readAll } from "./test-log.ts";

const mostFiles = 64;

export type LogAction =
  | { readonly kind: "append"; readonly count: number; readonly bytes: number }
  | { readonly kind: "wait" }
  | { readonly kind: "read" }
  | { readonly kind: "confirm"; readonly part: number }
  | { readonly kind: "pass"; readonly ms: number }
  | {
      readonly kind: "fail";
      readonly call: DiskCall;
      readonly skip: number;
      readonly times: number;
      /** The system's code, or `SHORT` for writes that take half. */
      readonly code: string;
    }
  | { readonly kind: "fill"; readonly freeBytes: number }
  | { readonly kind: "restart"; readonly stillFailing?: boolean }
  | { readonly kind: "crash"; readonly calls: number; readonly during: "work" | "recovery" };

/** The log broke a promise. */
export class LogViolation extends Error {}

/** What keeps the log from being right, for controls. */
export interface LogTrialOptions {
  readonly random: Random;
  /** The disk's syncs answer and do nothing. */
  readonly lyingSync?: boolean;
  /** Put between the log and the disk. */
  readonly wrap?: (disk: Disk) => Disk;
}

/** Throws at the first violation; the same numbers give the same trial. */
export class LogTrial {
  readonly #given = new Map<string, string>();
  /** By seq: the text that was promised. */
  readonly #promised = new Map<number, string>();
  /** By message: acked to the device, or on its way. */
  readonly #acked = new Set<number>();
  readonly #underWay = new Set<number>();
  readonly #usedTwice: string[] = [];
  readonly #declaredGone = new Set<number>();
  /** What the backbone has. */
  readonly #delivered = new Set<number>();
  readonly #deliveredGaps: GapRange[] = [];
  #confirmedSeq = 0;
  #nextMessage = 1;
  #runs = 0;
  #faultsMet = 0;
  #disk: SimDisk;
  #clock = new ManualClock();
  #log: SegmentLog | undefined;
  readonly #wrap: (disk: Disk) => Disk;

  constructor({ random, lyingSync = false, wrap = (disk) => disk }: LogTrialOptions) {
    this.#disk = new SimDisk({ random, lyingSync });
    this.#wrap = wrap;
  }

  /** Calls that met a fault. */
  get faultsMet(): number {
    return this.#faultsMet;
  }

  /** Messages that were acknowledged to their device. */
  get acked(): number {
    return this.#acked.size;
  }

  /** Promised records that a gap event declares. */
  get declaredLost(): number {
    return this.#declaredGone.size;
  }

  async run(actions: readonly LogAction[]): Promise<void> {
    await this.#start();
    for (const next of actions) await this.#act(next);
    await this.#act({ kind: "wait" });
    await this.#act({ kind: "crash", calls: 0, during: "work" });
    await this.#act({ kind: "wait" });
    let isSeen = false;
    for (let look = 0; look < 20 && !isSeen; look += 1) {
      isSeen = await this.#check(this.#requireLog());
      await this.#clock.advance(1_000);
    }
    ensure(isSeen, "readers never come to the end");
  }

  async #act(next: LogAction): Promise<void> {
    const log = this.#requireLog();
    switch (next.kind) {
      case "append":
        for (let count = 0; count < next.count; count += 1)
          this.#append(log, this.#nextMessage++, next.bytes);
        break;
      case "fail": {
        let { skip, times } = next;
        this.#disk.fault = (call) => {
          if (call !== next.call || skip-- > 0 || times-- <= 0) return undefined;
          this.#faultsMet += 1;
          return next.code;
        };
        break;
      }
      case "fill":
        this.#disk.capacityBytes = this.#disk.usedBytes() + next.freeBytes;
        break;
      case "wait":
        this.#disk.heal();
        await this.#waitUntil(() => this.#underWay.size === 0);
        ensure(this.#underWay.size === 0, `${this.#underWay.size} appends never end`);
        break;
      case "read":
        await this.#check(log);
        break;
      case "confirm": {
        const seq = Math.floor(log.durableSeq * next.part);
        const records = (await readAll(log)).filter((held) => held.seq <= seq);
        const record = records.at(-1);
        if (!record || record.seq <= this.#confirmedSeq) break;
        for (const { seq: delivered } of records) this.#delivered.add(delivered);
        this.#deliveredGaps.push(...gapsAmong(records));
        log.confirm({ run: record.run, seq: record.seq, streamSeq: toStreamSeq(record.seq) });
        this.#confirmedSeq = record.seq;
        break;
      }
      case "pass": {
        const before = this.#disk.callCount;
        await this.#clock.advance(next.ms);
        const calls = this.#disk.callCount - before;
        ensure(calls <= 200 + next.ms / 20, `${calls} calls of the disk in ${next.ms} ms`);
        ensure(this.#disk.paths.length <= mostFiles, `${this.#disk.paths.length} files`);
        break;
      }
      case "restart":
        if (!next.stillFailing) this.#disk.heal();
        await this.#endOf(log.close());
        await this.#start();
        break;
      case "crash":
        if (next.during === "work") {
          this.#disk.dieAfter(next.calls);
          for (let count = 0; count < 5; count += 1) this.#append(log, this.#nextMessage++, 300);
          await this.#waitUntil(() => this.#disk.isDead);
        }
        this.#disk = this.#disk.crash();
        if (next.during === "recovery") {
          this.#disk.dieAfter(next.calls);
          const opened = this.#open().then(() => {});
          await this.#waitUntil(() => this.#disk.isDead, opened);
          this.#disk = this.#disk.crash();
        }
        await this.#start();
        break;
    }
  }

  #append(log: SegmentLog, message: number, bytes: number): void {
    this.#underWay.add(message);
    const draft = draftOf(message, { counter: message, boot: 7, hash: message * 3 }, bytes);
    let seq = 0;
    let text = "";
    log.append(
      {
        ...draft,
        encode: (id) => {
          text = draft.encode(id);
          seq = Number(id.split(".").at(-1));
          this.#given.set(id, text);
          return text;
        },
      },
      (failure) => {
        this.#underWay.delete(message);
        if (failure) return;
        this.#acked.add(message);
        if (seq > 0) this.#promise(seq, text);
      },
    );
  }

  /** Called from within the log, where a failed expectation would not reach the test. */
  #promise(seq: number, text: string): void {
    const before = this.#promised.get(seq) ?? text;
    if (before !== text) this.#usedTwice.push(`${before} and ${text}`);
    this.#promised.set(seq, text);
  }

  #open(): Promise<SegmentLog> {
    this.#runs += 1;
    this.#clock = new ManualClock();
    const run = `r${this.#runs}`;
    return openTestLog({ disk: this.#wrap(this.#disk), clock: this.#clock }, run, {
      max_bytes: 48 * 1024,
    });
  }

  /** Devices send again what was not acked. */
  async #start(): Promise<void> {
    const log = await this.#open().catch((failure: unknown) => {
      if (this.#disk.isHealthy) throw failure;
      this.#disk.heal();
      return this.#open();
    });
    this.#log = log;
    this.#disk.heal();
    await this.#check(log);
    const again = [...this.#underWay];
    this.#underWay.clear();
    for (const message of again) this.#append(log, message, 100);
  }

  /** False when not all could be seen at this moment. */
  async #check(log: SegmentLog): Promise<boolean> {
    ensure(this.#usedTwice.length === 0, `seq used twice: ${this.#usedTwice[0]}`);
    const durableSeq = log.durableSeq;
    const promised = [...this.#promised.keys()];
    const lostBefore = log.state().droppedRecords;
    const isSettled = durableSeq === log.lastSeq;
    const records = await readAll(log);
    // What is given up while it is being read was there and is gone, and until that is declared
    // readers wait in front of it: look again another time.
    if (log.state().droppedRecords !== lostBefore) return false;
    if ((records.at(-1)?.seq ?? 0) < durableSeq) return false;
    let before = 0;
    for (const record of records) {
      ensure(record.seq > before, `seq ${record.seq} stands behind ${before}`);
      before = record.seq;
      if (record.kind !== "gap")
        ensure(record.text === this.#givenText(record), `record ${record.seq} is another`);
      if (record.seq <= durableSeq) this.#promise(record.seq, record.text);
    }
    this.#checkNothingLost(isSettled, promised, records);
    const messages = records
      .filter(({ kind }) => kind !== "gap")
      .map(({ text }) => messageIn(text));
    ensure(new Set(messages).size === messages.length, "a message is there twice");
    return true;
  }

  #checkNothingLost(
    isSettled: boolean,
    promised: readonly number[],
    records: readonly KeptRecord[],
  ): void {
    const held = new Set(records.map(({ seq }): number => seq));
    const gaps = gapsAmong(records);
    for (const seq of promised) {
      if (held.has(seq) || seq <= this.#confirmedSeq) continue;
      const isDeclared = gaps.some(({ from, to }) => from <= seq && seq <= to);
      if (isDeclared) this.#declaredGone.add(seq);
      // A gap event that is not durable yet hides what it declares, for a moment.
      else ensure(!isSettled, `record ${seq} is lost in silence`);
    }
    for (const { from, to, count } of joinOverlapping(this.#withDelivered(gaps))) {
      // What the backbone had is declared only where a crash took the word of it.
      let missing = 0;
      let delivered = 0;
      for (let seq: number = from; seq <= to; seq += 1) {
        if (held.has(seq)) continue;
        if (this.#delivered.has(seq)) delivered += 1;
        else missing += 1;
      }
      ensure(
        count >= missing && count <= missing + delivered,
        `${count} declared from ${from} to ${to}, ${missing} are missing`,
      );
    }
    for (const seq of this.#declaredGone)
      ensure(!held.has(seq), `record ${seq} was declared lost and is back`);
  }

  /** What the gap events say that the backbone has, or that are held. */
  #withDelivered(gaps: readonly GapRange[]): GapRange[] {
    const all = [...gaps];
    const widestFirst = [...this.#deliveredGaps].sort((a, b) => b.to - b.from - (a.to - a.from));
    for (const range of widestFirst) {
      const isSaid = all.some(
        (said) =>
          said.class === range.class &&
          said.reason === range.reason &&
          said.from <= range.from &&
          said.to >= range.to,
      );
      if (!isSaid) all.push(range);
    }
    return all;
  }

  #givenText({ run, seq }: KeptRecord): string | undefined {
    return this.#given.get(`gw1.${run}.${seq}`);
  }

  #requireLog(): SegmentLog {
    if (!this.#log) throw new Error("no log is open");
    return this.#log;
  }

  async #endOf(work: Promise<void>): Promise<void> {
    let isOver = false;
    const over = work.then(() => {
      isOver = true;
    });
    await this.#waitUntil(() => isOver, over);
    ensure(isOver, "the log does not close");
  }

  async #waitUntil(isReached: () => boolean, over?: Promise<void>): Promise<void> {
    let isOver = false;
    over?.then(() => {
      isOver = true;
    });
    for (let turn = 0; turn < 200 && !isReached() && !isOver; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      if (turn % 20 === 19) await this.#clock.advance(1_000);
    }
  }
}

interface Declared {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/**
 * Each class of a drop has its own ranges, and adjacent ones of a class are one: only ranges that
 * overlap say together how many are missing where they lie.
 */
function joinOverlapping(gaps: readonly Declared[]): Declared[] {
  const joined: Declared[] = [];
  for (const gap of [...gaps].sort((one, other) => one.from - other.from)) {
    const last = joined.at(-1);
    if (!last || gap.from > last.to) joined.push(gap);
    else
      joined[joined.length - 1] = {
        from: last.from,
        to: Math.max(last.to, gap.to),
        count: last.count + gap.count,
      };
  }
  return joined;
}

function messageIn(text: string): number {
  return Number(/"n":(\d+)/.exec(text)?.[1]);
}

function ensure(holds: boolean, otherwise: string): void {
  if (!holds) throw new LogViolation(otherwise);
}
