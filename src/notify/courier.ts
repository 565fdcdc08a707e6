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
import type { AlertTransition } from "../core/alert.ts";
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
import type { SteadyReader } from "../stream/steady-reader.ts";
import { type AttemptDependencies, attemptNotice } from "./attempt-notice.ts";
import { CursorKeeper } from "./cursor-keeper.ts";
import { Pace } from "./pace.ts";
import type { Delivery } from "./receiver.ts";
import type { CursorStore, ReceiverCursor } from "./receiver-cursor.ts";
import { ToldTransitions } from "./told-transitions.ts";
import type { WaitingInstance } from "./waiting-instance.ts";
import { WaitingInstances } from "./waiting-instances.ts";

/** What a crash may tell again. */
const saveEveryMs = 500;
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
  readonly #keeper: CursorKeeper;
  readonly #deps: CourierDependencies;
  readonly #told: ToldTransitions;
  readonly #waiting: WaitingInstances;
  readonly #pace: Pace;
  /** With what cuts each off. */
  readonly #underWay = new Map<Promise<void>, AbortController>();
  readonly #stopping = new AbortController();
  readonly #reader: SteadyReader<readonly ReadTransition[]>;
  #mark: AlertMark | null;

  constructor(
    cursor: ReceiverCursor,
    revision: number,
    store: CursorStore,
    deps: CourierDependencies,
  ) {
    this.#keeper = new CursorKeeper(deps.delivery.name, revision, store, deps);
    this.#deps = deps;
    this.#mark = cursor.mark;
    this.#told = new ToldTransitions(cursor.told);
    const tellMore = (): void => this.#tellMore();
    this.#waiting = new WaitingInstances(cursor.waiting, deps.clock, tellMore);
    this.#pace = new Pace(deps.clock, tellMore);
    const { signal } = this.#stopping;
    const onAnew = (): void => this.#waiting.forgetPlaces();
    this.#reader = openAlertReader(cursor.mark ?? undefined, signal, deps, onAnew);
  }

  /** Transitions read and not done with. */
  get waiting(): number {
    return this.#waiting.transitions;
  }

  /** Instances whose last attempt failed. */
  get retried(): number {
    return this.#waiting.retried;
  }

  /** True when the receiver was told of this transition or of a later one of its instance. */
  wasTold(transition: AlertTransition): boolean {
    return this.#told.has(transition);
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
        if (!signal.aborted) await this.#keeper.save(() => this.#cursor(), false);
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
    await this.#keeper.save(() => this.#cursor(), true);
  }

  stop(): void {
    this.#stopping.abort();
    this.#waiting.stop();
    this.#pace.stop();
  }

  async #read(): Promise<void> {
    const reader = this.#reader;
    for (let batch = await reader.next(); batch; batch = await reader.next()) {
      for (const entry of batch) this.#admit(entry);
      this.#tellMore();
    }
  }

  #admit({ mark, streamSeq, transition }: ReadTransition): void {
    this.#mark = mark;
    this.#keeper.noteChange();
    if (this.#told.has(transition)) return;
    if (transition.quiet && !this.#waiting.has(transition.instance)) this.#told.add(transition);
    else this.#waiting.admit(transition, streamSeq);
  }

  #tellMore(): void {
    while (this.#mayTell()) {
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

  /** Places are only good on a connection over which the stream was found to be what was read. */
  #mayTell(): boolean {
    const { following } = this.#reader;
    return (
      !this.#stopping.signal.aborted &&
      this.#pace.open &&
      following !== undefined &&
      following === this.#deps.backbone.connection() &&
      this.#deps.mayTell()
    );
  }

  async #tell(waiting: WaitingInstance, signal: AbortSignal): Promise<void> {
    const { clock, delivery: deps } = this.#deps;
    const end = this.#pace.begin(waiting.attempts > 0);
    const { to } = waiting;
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
    if (delivery?.kind === "failed") this.#keeper.noteTry();
    else this.#keeper.noteChange();
    // The stream let go of all that was seen of the instance.
    if (!held) this.#waiting.finish(waiting, to);
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
      const held = await readNextTransition(connection, waiting.instance, waiting.site, from);
      if (!held) return undefined;
      if (!this.#told.has(held.transition) && !held.transition.quiet) return held;
      this.#told.add(held.transition);
      from = toStreamSeq(held.streamSeq + 1);
    }
  }

  #cursor(): ReceiverCursor {
    return {
      format: 2,
      by_site: true,
      mark: this.#mark,
      told: this.#told.state(),
      waiting: this.#waiting.state(),
    };
  }
}
