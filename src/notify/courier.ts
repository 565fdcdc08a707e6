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
import type { StreamSeq } from "../core/ids.ts";
import {
  type AlertMark,
  type AlertReaderDependencies,
  openAlertReader,
  type ReadTransition,
} from "../stream/alert-reader.ts";
import { readLastWatermark } from "../stream/last-watermark.ts";
import { type HeldTransition, readNextTransition } from "../stream/read-alerts.ts";
import type { SteadyReader } from "../stream/steady-reader.ts";
import { CursorKeeper } from "./cursor-keeper.ts";
import { GatewayCatchUp } from "./gateway-catch-up.ts";
import type { Passing } from "./judge-telling.ts";
import { Pace } from "./pace.ts";
import type { CursorStore, ReceiverCursor } from "./receiver-cursor.ts";
import type { Standings } from "./standing.ts";
import { TellTurn, type TellTurnDependencies } from "./tell-turn.ts";
import type { TellingPlan } from "./telling-plan.ts";
import { episodesOfOldCursor, ToldEpisodes } from "./told-episodes.ts";
import { ToldTransitions } from "./told-transitions.ts";
import type { WaitingCounts } from "./waiting-counts.ts";
import type { WaitingInstance } from "./waiting-instance.ts";
import { WaitingInstances } from "./waiting-instances.ts";

/** What a crash may tell again. */
const saveEveryMs = 500;
/** How often watermarks are looked at while something waits for them. */
const watermarksEveryMs = 2_000;
/** How long a stop waits for answers; what is cut off then is told again. */
const stopWithinMs = 3_000;

export interface CourierDependencies extends AlertReaderDependencies {
  readonly delivery: TellTurnDependencies["delivery"];
  /** Which routes are in force: those of another key were others. */
  readonly routesKey: string;
  /** The receiver gets one alert at a time, at once. */
  readonly alone: boolean;
  /** False while another process may be telling the receiver. */
  readonly mayTell: () => boolean;
  readonly planFor: (transition: AlertTransition) => TellingPlan | undefined;
  readonly standings: Standings;
  /** So many transitions are told to nobody. */
  readonly onPassed: (why: Passing, transitions: number) => void;
}

export class Courier {
  readonly #keeper: CursorKeeper;
  readonly #deps: CourierDependencies;
  readonly #told: ToldTransitions;
  readonly #episodes: ToldEpisodes;
  readonly #waiting: WaitingInstances;
  readonly #catchUp: GatewayCatchUp;
  readonly #pace: Pace;
  readonly #telling: TellTurn;
  /** With what cuts each off. */
  readonly #underWay = new Map<Promise<void>, AbortController>();
  readonly #stopping = new AbortController();
  readonly #reader: SteadyReader<readonly ReadTransition[]>;
  #mark: AlertMark | null;
  #lookedMs = Number.NEGATIVE_INFINITY;

  constructor(
    cursor: ReceiverCursor,
    revision: number,
    store: CursorStore,
    deps: CourierDependencies,
  ) {
    const { clock, standings } = deps;
    this.#keeper = new CursorKeeper(deps.delivery.name, revision, store, deps);
    this.#deps = deps;
    this.#mark = cursor.mark;
    this.#told = new ToldTransitions(cursor.told);
    this.#episodes = new ToldEpisodes(cursor.episodes ?? episodesOfOldCursor(cursor.told));
    this.#catchUp = new GatewayCatchUp(clock);
    const tellMore = (): void => this.#tellMore();
    const { flushed = {}, notices = {}, waiting } = cursor;
    const parts = {
      ...deps,
      told: this.#told,
      episodes: this.#episodes,
      catchUp: this.#catchUp,
      onReady: tellMore,
    };
    this.#waiting = new WaitingInstances({ waiting, flushed, notices }, parts);
    this.#pace = new Pace(clock, tellMore);
    this.#telling = new TellTurn({
      ...parts,
      waiting: this.#waiting,
      pace: this.#pace,
      keeper: this.#keeper,
      stopping: this.#stopping.signal,
      readNext: (one, from) => this.#readNext(one, from),
      keep: () => this.#keeper.save(() => this.#cursor(), false),
    });
    const { signal } = this.#stopping;
    const onAnew = (): void => this.#waiting.forgetPlaces();
    this.#reader = openAlertReader(cursor.mark ?? undefined, signal, deps, onAnew);
    standings.onRead(signal, () => {
      this.#waiting.judgeHeld();
      this.#tellMore();
    });
  }

  get counts(): WaitingCounts {
    return this.#waiting.counts;
  }

  /** True when the receiver was told of this transition or of a later one of its instance. */
  wasTold(transition: AlertTransition): boolean {
    // What leads elsewhere is done with as well, and nobody was told of it.
    const { instance, state } = transition;
    const isHeard = state === "ended" || this.#episodes.isOpen(instance);
    return isHeard && this.#told.has(transition);
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
        if (signal.aborted) break;
        await this.#lookAtWatermarks();
        this.#waiting.tick();
        await this.#keeper.save(() => this.#cursor(), false);
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
    this.#waiting.queue.stop();
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
    if (this.#told.has(transition)) {
      this.#episodes.moveTo(transition, streamSeq);
      return;
    }
    if (transition.quiet && !this.#waiting.has(transition.instance)) this.#told.add(transition);
    else this.#waiting.admit(transition, streamSeq);
  }

  #tellMore(): void {
    while (this.#mayTell()) {
      const next = this.#waiting.take(this.#pace.openAgain, this.#pace.prefersFresh);
      if (!next) return;
      const cutOff = new AbortController();
      const telling = this.#telling.tell(next, cutOff.signal).finally(() => {
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

  #readNext(
    { instance, site }: WaitingInstance,
    from: StreamSeq,
  ): Promise<HeldTransition | undefined> {
    const connection = this.#deps.backbone.connection();
    if (connection) return readNextTransition(connection, instance, site, from);
    throw new GatewayError("stream.unavailable", "there is no backbone to read");
  }

  async #lookAtWatermarks(): Promise<void> {
    const { backbone, clock, logger } = this.#deps;
    const connection = backbone.connection();
    const nowMs = clock.monotonicMs();
    if (!connection || nowMs - this.#lookedMs < watermarksEveryMs) return;
    this.#lookedMs = nowMs;
    for (const gateway of this.#catchUp.watched())
      try {
        const t = await readLastWatermark(connection, gateway);
        if (t !== undefined) this.#catchUp.noteWatermark(gateway, t);
      } catch (thrown) {
        const { message } = GatewayError.from(thrown, "stream.unavailable", "cannot read");
        logger.debug("a watermark is read again", { gateway: gateway.gateway, reason: message });
      }
  }

  #cursor(): ReceiverCursor {
    return {
      format: 2,
      by_site: true,
      mark: this.#mark,
      told: this.#told.state(),
      episodes: this.#episodes.state(),
      routes: this.#deps.routesKey,
      ...this.#waiting.state(),
    };
  }
}
