/**
 * The durable log over disks that crash, fail and fill up at any moment, with devices that send
 * again what was not acknowledged and a backbone that takes what it is sent. The oracle says whether
 * all that was promised is there, after every start and whenever everything is read.
 */

import { type KeyRing, noKeys } from "../../src/buffer/encryption/key-ring.ts";
import type { SegmentLog } from "../../src/buffer/segment-log.ts";
import type { Disk } from "../../src/core/disk.ts";
import { eventFront, joinEvent } from "../../src/core/event-front.ts";
import type { RecordClass } from "../../src/core/event-kind.ts";
import { eventIdOf, toGatewayId, toSeq, toStreamSeq } from "../../src/core/ids.ts";
import type { Random } from "../../src/core/retry.ts";
import { ensure, LogOracle } from "./log-oracle.ts";
import { ManualClock } from "./manual-clock.ts";
import { type DiskCall, SimDisk } from "./sim-disk.ts";
import { appendThen, draftOf, type KeptRecord, openTestLog, readAll } from "./test-log.ts";

const mostFiles = 64;
/** That of `openTestLog`. */
const gateway = toGatewayId("gw1");

export type LogAction =
  | {
      readonly kind: "append";
      readonly count: number;
      readonly bytes: number;
      readonly recordClass?: RecordClass;
    }
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

/** What keeps the log from being right, for controls. */
export interface LogTrialOptions {
  readonly random: Random;
  /** The disk's syncs answer and do nothing. */
  readonly lyingSync?: boolean;
  /** What its segments are encrypted with; not at all without it. */
  readonly keys?: KeyRing;
  /** Put between the log and the disk. */
  readonly wrap?: (disk: Disk) => Disk;
}

/** Throws at the first violation; the same numbers give the same trial. */
export class LogTrial {
  readonly #oracle = new LogOracle();
  /** By message: acked to the device, or on its way. */
  readonly #acked = new Set<number>();
  readonly #underWay = new Map<number, RecordClass>();
  #nextMessage = 1;
  #runs = 0;
  #faultsMet = 0;
  #disk: SimDisk;
  #clock = new ManualClock();
  #log: SegmentLog | undefined;
  readonly #keys: KeyRing;
  readonly #wrap: (disk: Disk) => Disk;

  constructor({
    keys = noKeys,
    lyingSync = false,
    random,
    wrap = (disk) => disk,
  }: LogTrialOptions) {
    this.#disk = new SimDisk({ random, lyingSync });
    this.#keys = keys;
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
    return this.#oracle.declaredLost;
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
          this.#append(log, this.#nextMessage++, next.bytes, next.recordClass ?? "telemetry");
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
        // What was sent in part waits for the backbone, however full the log is.
        if (this.#underWay.size > 0) await this.#send(log, 1);
        await this.#waitUntil(() => this.#underWay.size === 0);
        ensure(this.#underWay.size === 0, `${this.#underWay.size} appends never end`);
        break;
      case "read":
        this.#reconcile(log);
        await this.#check(log);
        break;
      case "confirm":
        await this.#send(log, next.part);
        break;
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
          await this.#act({ kind: "append", count: 5, bytes: 300 });
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

  #append(log: SegmentLog, message: number, bytes: number, recordClass: RecordClass): void {
    this.#underWay.set(message, recordClass);
    const draft = draftOf(message, { counter: message, boot: 7, hash: message * 3 }, bytes);
    const before = log.lastSeq;
    let text = "";
    const seq = appendThen(log, { ...draft, recordClass }, () => {
      this.#underWay.delete(message);
      this.#acked.add(message);
      if (text !== "") this.#oracle.promise(seq, text);
    });
    // A resend has the seq of its first copy, and a closed log gives none out.
    if (log.lastSeq === before) return;
    text = joinEvent(eventFront(gateway, log.run), seq, draft.tail);
    this.#oracle.give(eventIdOf(gateway, log.run, seq), text, recordClass);
  }

  #open(): Promise<SegmentLog> {
    this.#runs += 1;
    this.#clock = new ManualClock();
    const run = `r${this.#runs}`;
    // The two headers of an encrypted segment take more than the small segments of a plain log.
    const maxBytes = (this.#keys === noKeys ? 48 : 112) * 1024;
    return openTestLog(
      { disk: this.#wrap(this.#disk), clock: this.#clock },
      run,
      { max_bytes: maxBytes },
      { keys: this.#keys },
    );
  }

  /** Devices send again what was not acked. */
  async #start(): Promise<void> {
    const log = await this.#open().catch((failure: unknown) => {
      if (this.#disk.isHealthy) throw failure;
      this.#disk.heal();
      return this.#open();
    });
    this.#log = log;
    this.#oracle.begin(log);
    this.#disk.heal();
    await this.#check(log);
    const again = [...this.#underWay];
    this.#underWay.clear();
    for (const [message, recordClass] of again) this.#append(log, message, 100, recordClass);
  }

  /** The forwarder's part: a word with the backbone first, then what it does not have. */
  async #send(log: SegmentLog, part: number): Promise<void> {
    this.#reconcile(log);
    const upTo = Math.floor(log.durableSeq * part);
    const records = await this.#read(log, { publishing: true, upTo });
    if (!records) return;
    this.#oracle.store(records.filter(({ seq }) => seq <= upTo));
    this.#reconcile(log);
  }

  #reconcile(log: SegmentLog): void {
    const { head } = this.#oracle;
    if (!head) return;
    const { run, seq, streamSeq } = head;
    log.confirm({ run, seq: toSeq(seq), streamSeq: toStreamSeq(streamSeq) });
  }

  /**
   * Reading finds damage, and what is declared then is to be read too. What is given up meanwhile was
   * there and is gone, and until that is declared readers wait in front of it. False when not all
   * could be seen and nothing more was on its way.
   */
  async #check(log: SegmentLog): Promise<boolean> {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const lostBefore = log.state().droppedRecords;
      const { durableSeq } = log;
      // While the disk fails nobody can read what the segment in use declares.
      const isSettled = durableSeq === log.lastSeq && this.#disk.isHealthy;
      const records = await this.#read(log);
      await new Promise((resolve) => setImmediate(resolve));
      if (!records) return false;
      const isAll = (records.at(-1)?.seq ?? 0) >= durableSeq;
      if (isAll && log.state().droppedRecords === lostBefore) {
        this.#oracle.check(records, isSettled, { durableSeq, lastSeq: log.lastSeq });
        return isSettled;
      }
      await this.#waitUntil(() => log.durableSeq === log.lastSeq);
    }
    return false;
  }

  /** Everything the log gives; nothing where the disk fails meanwhile. */
  async #read(
    log: SegmentLog,
    options?: { readonly publishing: boolean; readonly upTo: number },
  ): Promise<readonly KeptRecord[] | undefined> {
    try {
      return await readAll(log, 0, options);
    } catch (failure) {
      if (this.#disk.isHealthy) throw failure;
      return undefined;
    }
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
