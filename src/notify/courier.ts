/**
 * Tells one receiver of everything in the alerts stream, from a cursor on, until the stop or until
 * another process moves the cursor.
 *
 * Reading waits for nobody. What was read and may go is told, as much at a time as the pace allows;
 * what has to wait is remembered by its place in the stream and read again when its turn comes.
 * Transitions of one instance go one after the other; instances never wait for each other.
 *
 * Invariants
 * - What the cursor's mark passed is told, given up, or stands in the same cursor as waiting. What
 *   is under way waits until its outcome is known.
 * - A receiver is told of each instance's transitions in their order.
 */
import { sleep } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import { toStreamSeq } from "../core/ids.ts";
import { backoffMs } from "../core/retry.ts";
import {
  type AlertMark,
  type AlertReaderDependencies,
  openAlertReader,
  type ReadTransition,
} from "../stream/alert-reader.ts";
import { type HeldTransition, readNextTransition } from "../stream/read-alerts.ts";
import { type AttemptDependencies, attemptNotice } from "./attempt-notice.ts";
import { Pace } from "./pace.ts";
import type { Delivery } from "./receiver.ts";
import type { CursorStore, ReceiverCursor } from "./receiver-cursor.ts";
import { rankOf } from "./severity-rank.ts";
import { ToldTransitions } from "./told-transitions.ts";
import type { WaitingInstance } from "./waiting-instance.ts";
import { WaitingInstances } from "./waiting-instances.ts";

/** What a crash may tell again. */
const saveEveryMs = 500;
/** How far the counts of attempts may fall behind at a crash. */
const saveTriedEveryMs = 10_000;
/** Wait before a transition that could not be read is read again. */
const readAgainMs = 1_000;
/** How long a stop waits for answers; what is cut off then is told again. */
const stopWithinMs = 3_000;
const baseMs = 1_000;
/** First bound of the waits while people have to look at the address. */
const misconfiguredBaseMs = 30_000;
/** The longest wait grows with what waits, so that all attempts together are not too many. */
const maxWaitMs = { least: 60_000, perInstance: 100, most: 300_000 };

export interface CourierDependencies extends AlertReaderDependencies {
  readonly delivery: AttemptDependencies;
  /** False while another process may be telling the receiver. */
  readonly mayTell: () => boolean;
}

export class Courier {
  readonly #store: CursorStore;
  readonly #deps: CourierDependencies;
  readonly #told: ToldTransitions;
  readonly #waiting: WaitingInstances;
  readonly #pace: Pace;
  /** With what cuts each off. */
  readonly #underWay = new Map<Promise<void>, AbortController>();
  readonly #stopping = new AbortController();
  #mark: AlertMark | null;
  #revision: number;
  #changed = false;
  /** Something is only tried more often than the saved cursor says. */
  #tried = false;
  #savedAtMs: number;

  constructor(
    cursor: ReceiverCursor,
    revision: number,
    store: CursorStore,
    deps: CourierDependencies,
  ) {
    this.#store = store;
    this.#deps = deps;
    this.#revision = revision;
    this.#mark = cursor.mark;
    this.#savedAtMs = deps.clock.monotonicMs();
    this.#told = new ToldTransitions(cursor.told);
    const tellMore = (): void => this.#tellMore();
    this.#waiting = new WaitingInstances(cursor.waiting, deps.clock, tellMore);
    this.#pace = new Pace(deps.clock, tellMore);
  }

  /** Transitions read and not done with. */
  get waiting(): number {
    return this.#waiting.transitions;
  }

  /** Instances whose last attempt failed. */
  get retried(): number {
    return this.#waiting.retried;
  }

  /** Resolves after `stop`; rejects with `stream.fenced` when another process tells the receiver. */
  async run(): Promise<void> {
    const { clock } = this.#deps;
    const signal = this.#stopping.signal;
    const reading = this.#read();
    try {
      while (!signal.aborted) {
        this.#tellMore();
        await sleep(clock, saveEveryMs, signal);
        if (!signal.aborted) await this.#save();
      }
    } finally {
      this.stop();
      const timer = clock.setTimer(stopWithinMs, () => {
        for (const cutOff of this.#underWay.values()) cutOff.abort();
      });
      await reading;
      await Promise.all(this.#underWay.keys());
      timer.cancel();
    }
    await this.#save();
  }

  stop(): void {
    this.#stopping.abort();
    this.#waiting.stop();
    this.#pace.stop();
  }

  async #read(): Promise<void> {
    const reader = openAlertReader(this.#mark ?? undefined, this.#stopping.signal, this.#deps);
    for (let batch = await reader.next(); batch; batch = await reader.next()) {
      for (const entry of batch) this.#admit(entry);
      this.#tellMore();
    }
  }

  #admit({ mark, streamSeq, transition }: ReadTransition): void {
    const before = this.#mark;
    if (before && (before.created !== mark.created || before.streamSeq >= streamSeq))
      this.#waiting.forgetPlaces();
    this.#mark = mark;
    this.#changed = true;
    if (this.#told.has(transition)) return;
    if (transition.quiet && !this.#waiting.has(transition.instance)) this.#told.add(transition);
    else this.#waiting.admit(transition.instance, streamSeq, rankOf(transition.severity));
  }

  #tellMore(): void {
    while (!this.#stopping.signal.aborted && this.#pace.open && this.#deps.mayTell()) {
      const next = this.#waiting.take(this.#pace.openAgain, this.#pace.prefersFresh);
      if (!next) return;
      const cutOff = new AbortController();
      const telling = this.#tell(next, cutOff.signal).finally(() => {
        this.#underWay.delete(telling);
        this.#tellMore();
      });
      this.#underWay.set(telling, cutOff);
    }
  }

  async #tell(waiting: WaitingInstance, signal: AbortSignal): Promise<void> {
    const { clock, delivery: deps } = this.#deps;
    const end = this.#pace.begin(waiting.attempts > 0);
    let held: HeldTransition | undefined;
    let delivery: Delivery | undefined;
    try {
      held = await this.#readNext(waiting);
      if (held && !this.#stopping.signal.aborted) {
        waiting.triedSinceMs ??= clock.monotonicMs();
        const history = waiting.entry(clock.monotonicMs());
        delivery = await attemptNotice(held, history, signal, deps);
      }
    } catch (thrown) {
      const { message } = GatewayError.from(thrown, "stream.unavailable", "cannot read");
      const instance = waiting.instance;
      this.#deps.logger.debug("a transition is read again", { instance, reason: message });
      end(undefined);
      this.#waiting.sleep(waiting, readAgainMs);
      return;
    }
    const recovered = end(delivery);
    if (delivery?.kind === "failed") this.#tried = true;
    else this.#changed = true;
    if (!held) this.#waiting.close(waiting);
    else if (delivery) this.#settle(waiting, held, delivery);
    if (recovered) this.#waiting.wakeAll();
  }

  #settle(waiting: WaitingInstance, held: HeldTransition, delivery: Delivery): void {
    if (delivery.kind !== "failed") {
      this.#told.add(held.transition);
      this.#waiting.finish(waiting, held.streamSeq);
      return;
    }
    waiting.attempts += 1;
    const { least, most, perInstance } = maxWaitMs;
    const limits = {
      baseMs: delivery.misconfigured ? misconfiguredBaseMs : baseMs,
      maxMs: Math.min(most, Math.max(least, this.#waiting.instances * perInstance)),
    };
    const waitMs = backoffMs(limits, waiting.attempts, this.#deps.random);
    this.#waiting.sleep(waiting, (delivery.restMs ?? 0) + waitMs);
  }

  /** The instance's next transition that somebody is to be told of; undefined when there is none. */
  async #readNext(waiting: WaitingInstance): Promise<HeldTransition | undefined> {
    const connection = this.#deps.backbone.connection();
    if (!connection) throw new GatewayError("stream.unavailable", "there is no backbone to read");
    for (let from = waiting.from; ; ) {
      const held = await readNextTransition(connection, waiting.instance, from);
      if (!held) return undefined;
      if (!this.#told.has(held.transition) && !held.transition.quiet) return held;
      this.#told.add(held.transition);
      from = toStreamSeq(held.streamSeq + 1);
    }
  }

  async #save(): Promise<void> {
    const nowMs = this.#deps.clock.monotonicMs();
    const stopped = this.#stopping.signal.aborted;
    this.#changed ||= this.#tried && (stopped || nowMs - this.#savedAtMs >= saveTriedEveryMs);
    if (!this.#changed || !this.#deps.backbone.connection()) return;
    this.#changed = false;
    this.#tried = false;
    this.#savedAtMs = nowMs;
    const cursor: ReceiverCursor = {
      format: 2,
      mark: this.#mark,
      told: this.#told.state(),
      waiting: this.#waiting.state(),
    };
    try {
      const signal = new AbortController().signal;
      this.#revision = await this.#store.save(cursor, this.#revision, signal);
    } catch (thrown) {
      this.#changed = true;
      const failure = GatewayError.from(thrown, "stream.unavailable", "cannot save a cursor");
      if (failure.code === "stream.fenced") throw failure;
      this.#deps.logger.warn("a receiver's cursor was not saved; it is tried again", {
        receiver: this.#deps.delivery.name,
        reason: failure.message,
      });
    }
  }
}
