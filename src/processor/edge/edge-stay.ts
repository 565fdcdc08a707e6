/**
 * The rules of a gateway at work: its log is read behind what is durable, in order, and what the rules
 * find is appended to it.
 *
 * Invariants
 * - A memory is written only when everything found up to its position is durable in the log. So all
 *   that an earlier process found behind it stands in the log behind it, and is recognized.
 * - Of one number of an episode the log has one transition: what stands there counts, whatever the
 *   rules find now.
 * - What a receiver is told of is durable.
 */
import type { AlertTransition } from "../../core/alert.ts";
import { sleep } from "../../core/clock.ts";
import type { StoredEvent } from "../../core/event.ts";
import { decodeEvent, isMalformed } from "../../core/event-codec.ts";
import { eventIdOf, type LogPosition, parseEventId, type Seq, toSeq } from "../../core/ids.ts";
import { inSlices } from "../../core/in-slices.ts";
import type { StoredRecord } from "../../core/record.ts";
import { untilDurable } from "../../core/until-durable.ts";
import { completeTransition } from "../complete-transition.ts";
import type { Engine, TransitionDraft } from "../engine.ts";
import { feedGuarded } from "../guarded-engine.ts";
import { HeadComparison } from "../head-comparison.ts";
import { TracedEvents } from "../traced-events.ts";
import type { EdgeDependencies, EdgeStart } from "./edge-dependencies.ts";
import { EdgeMemoryWriter } from "./edge-memory.ts";
import { LoggedHeads } from "./logged-heads.ts";
import { untilMore } from "./until-more.ts";

const recordsAtOnce = 256;
/** Between two readings: what comes meanwhile is read together, and the way in goes first. */
const restMs = 50;
const saveEveryMs = 30_000;
/** After somebody was told. */
const saveSoonMs = 1_000;
const saveEveryRecords = 20_000;

export class EdgeStay {
  readonly #deps: EdgeDependencies;
  readonly #engine: Engine;
  readonly #comparison: HeadComparison;
  readonly #writer = new EdgeMemoryWriter();
  readonly #traced = new TracedEvents();
  /** What the log had when this began. */
  readonly #upToSeq: Seq;
  /** Until all that the log had when this began is read. */
  #heads: LoggedHeads | undefined;
  #position: LogPosition;
  readonly #isTold: boolean;
  readonly #isLast: boolean;
  #isResuming: boolean;
  #appendedSeq = toSeq(0);
  #unsaved = 0;
  #saveAtMs: number;
  #isTrouble = false;

  constructor({ engine, isLast, memory }: EdgeStart, deps: EdgeDependencies) {
    const { clock, log, logger } = deps;
    this.#deps = deps;
    this.#engine = engine;
    this.#isLast = isLast;
    this.#comparison = new HeadComparison(engine, logger);
    this.#upToSeq = log.lastSeq;
    this.#position = memory?.position ?? { run: log.run, seq: toSeq(log.firstSeq - 1) };
    // Without a memory nobody knows of what they were told: they are told how it is now.
    this.#isTold = memory !== undefined;
    this.#isResuming = memory !== undefined;
    this.#saveAtMs = clock.monotonicMs() + saveEveryMs;
  }

  get engine(): Engine {
    return this.#engine;
  }

  /** Records that are durable and not judged yet. */
  get behind(): number {
    return Math.max(0, this.#deps.log.durableSeq - this.#position.seq);
  }

  /** Somebody was told: that is soon remembered. */
  saveSoon(): void {
    this.#unsaved += 1;
    this.#saveAtMs = Math.min(this.#saveAtMs, this.#deps.clock.monotonicMs() + saveSoonMs);
  }

  /**
   * Resolves after the signal, with everything remembered that can be; true where it is over by itself.
   */
  async run(signal: AbortSignal): Promise<boolean> {
    const { clock, log } = this.#deps;
    log.keepBehind(this.#position.seq);
    // What was found before this stay is to be recognized, and only what is durable can be read.
    await untilDurable(log, this.#upToSeq, signal);
    const heads = await LoggedHeads.read(log, this.#position.seq, this.#upToSeq, signal);
    if (!this.#isTold) for (const head of heads.all) this.#tell(head);
    this.#heads = heads;
    this.#append(await this.#compare());
    const reader = await log.openReader(this.#position.seq);
    try {
      while (!signal.aborted) {
        const records = await reader.next(recordsAtOnce);
        await this.#feedAll(records);
        // All that was found before is read.
        if (this.#position.seq >= this.#upToSeq) this.#heads = undefined;
        const isDue = clock.monotonicMs() >= this.#saveAtMs || this.#unsaved >= saveEveryRecords;
        if (isDue) await this.#save();
        if (records.length === recordsAtOnce) {
          await new Promise(setImmediate);
          continue;
        }
        if (this.#isOver()) return true;
        await untilMore(log, this.#position.seq, this.#saveAtMs, clock, signal);
        await sleep(clock, restMs, signal);
      }
    } finally {
      await reader.close();
    }
    await this.#save();
    return false;
  }

  #isOver(): boolean {
    const { log, tellers } = this.#deps;
    if (!this.#isLast || log.durableSeq < this.#appendedSeq) return false;
    const [open] = this.#engine.open();
    return open === undefined && tellers.every((teller) => teller.waiting().length === 0);
  }

  /** What stood open at the memory is in the log or left it with the backbone: it is stored. */
  #compare(): Promise<readonly TransitionDraft[]> {
    const readHeads = async (onHead: (head: AlertTransition) => void): Promise<void> => {
      for (const last of this.#engine.open())
        onHead({ ...last, late: false, observed_at: last.at });
      for (const head of this.#heads?.all ?? []) onHead(head);
    };
    const { seq } = this.#position;
    return this.#comparison.compare(readHeads, (id) => (parseEventId(id)?.seq ?? 0) <= seq);
  }

  async #feedAll(records: readonly StoredRecord[]): Promise<void> {
    const { mishaps } = this.#deps;
    for (const { body, run, seq } of records) {
      const event = decodeEvent(Buffer.from(body).toString());
      if (isMalformed(event)) {
        const where = `${run}.${seq}`;
        mishaps.add({ kind: "message-unreadable", stream: "log", where, reason: event.malformed });
      } else {
        if (this.#isResuming && seq > this.#position.seq + 1)
          this.#engine.forget(event.origin.gateway, event.receivedMs);
        this.#isResuming = false;
        this.#traced.note(event);
        this.#append(this.#comparison.meet(event), event);
        this.#append(await feedGuarded(this.#engine, event, this.#deps), event);
        this.#engine.derived();
        if (event.kind === "alert-transition" && (this.#isTold || seq > this.#upToSeq))
          this.#tell(event.data);
      }
      this.#position = { run, seq };
      this.#unsaved += 1;
    }
  }

  /** `event` is what they were found in; without it they were found when it began. */
  #append(drafts: readonly TransitionDraft[], event?: StoredEvent): void {
    const { run, seq } = event?.position ?? this.#position;
    const { append, clock, lateAfterMs, origin } = this.#deps;
    for (const draft of drafts) {
      if (!this.#comparison.admit(draft) || this.#heads?.has(draft)) continue;
      const reads = [eventIdOf(origin.gateway, run, seq)];
      const cause = event && this.#traced.causeOf(draft, event);
      const found = completeTransition(draft, reads, clock.wallMs(), lateAfterMs, cause);
      this.#appendedSeq = append(found);
      this.#heads?.note(found);
    }
  }

  #tell(found: AlertTransition): void {
    if (found.evaluated === "edge") for (const teller of this.#deps.tellers) teller.take(found);
  }

  /** Not while something that was found waits for the disk: it is tried again at the next chance. */
  async #save(): Promise<void> {
    const { clock, file, log, logger, origin, tellers } = this.#deps;
    if (this.#unsaved === 0 || log.durableSeq < this.#appendedSeq) return;
    const position = this.#position;
    const waiting = (): ReadonlyMap<string, readonly AlertTransition[]> =>
      new Map(tellers.map((teller) => [teller.name, teller.waiting()]));
    this.#saveAtMs = clock.monotonicMs() + saveEveryMs;
    try {
      const writing = this.#writer.write(origin, position, this.#engine.memory(), waiting);
      this.#unsaved = 0;
      await file.replace(await inSlices(writing, clock));
      log.keepBehind(position.seq);
      this.#isTrouble = false;
    } catch (thrown) {
      if (!this.#isTrouble)
        logger.warn("the memory of the rules was not written; it is tried again", { thrown });
      this.#isTrouble = true;
      this.#unsaved += 1;
    }
  }
}
