/** The way to one receiver: waited for, taken, lost to another process. Only the stop ends it. */
import type { AlertTransition } from "../core/alert.ts";
import { sleep } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import type { Counter } from "../core/metrics.ts";
import type { ProcessMark } from "../core/process-mark.ts";
import { Backoff } from "../core/retry.ts";
import type { SpanSink } from "../core/span.ts";
import { leasesBucket } from "../core/subject.ts";
import type { AlertReaderDependencies } from "../stream/alert-reader.ts";
import { markBeforeMissed } from "../stream/former-alerts.ts";
import { cacheBucket } from "../stream/kv.ts";
import { type Lease, takeLease } from "../stream/lease.ts";
import { readAlerts } from "../stream/read-alerts.ts";
import { alertsTold } from "./alerts-told.ts";
import type { AttemptLog } from "./attempt-log.ts";
import { Courier } from "./courier.ts";
import { EditedRoutes } from "./edited-routes.ts";
import { FirstCursor } from "./first-cursor.ts";
import type { Passing } from "./judge-telling.ts";
import type { Receiver } from "./receiver.ts";
import {
  type CursorStore,
  createCursorStore,
  type ReceiverCursor,
  type StoredCursor,
} from "./receiver-cursor.ts";
import {
  ReceiverHealth,
  type ReceiverHealthDependencies,
  type Trouble,
} from "./receiver-health.ts";
import type { RouteTable } from "./route-table.ts";
import type { Standings } from "./standing.ts";
import { readToldByLog } from "./told-by-log.ts";
import type { WaitingCounts } from "./waiting-counts.ts";

const backoffLimits = { baseMs: 1_000, maxMs: 30_000 };
/** A new receiver is told of what was learned so long ago, and of all that fires. */
const newReceiverLooksBackMs = 3_600_000;

/** A receiver as people see it. */
export interface ReceiverState {
  readonly name: string;
  readonly kind: string;
  /** True while another process tells it. */
  readonly standby: boolean;
  /** Transitions read and not done with. */
  readonly waiting: number;
  /** Alert instances whose last attempt failed. */
  readonly retried: number;
  /** Alert instances that are held back, by why; `grouped` wait for the others of their group. */
  readonly held: WaitingCounts["held"];
  /** Transitions that were told to nobody, by why; counted since the start of the process. */
  readonly passedOver: Readonly<Record<string, number>>;
  /** Counted since the start of the process. */
  readonly delivered: number;
  readonly deadLetters: number;
  /** Since when no attempt succeeded, and what the last one met; undefined while all is well. */
  readonly failing: Trouble | undefined;
  /** What was told before was forgotten in this process's time: the cursor could not be read. */
  readonly cursorLost: Trouble | undefined;
}

export interface RouteOptions {
  readonly name: string;
  readonly kind: string;
  readonly receiver: Receiver;
}

export interface RouteDependencies extends AlertReaderDependencies, ReceiverHealthDependencies {
  readonly attempts: AttemptLog;
  readonly routes: RouteTable;
  readonly standings: Standings;
  readonly spans?: SpanSink | undefined;
  readonly mark?: ProcessMark;
}

export class ReceiverRoute {
  readonly #options: RouteOptions;
  readonly #deps: RouteDependencies;
  readonly #health: ReceiverHealth;
  readonly #store: CursorStore;
  readonly #backoff: Backoff;
  readonly #passedCounter: Counter;
  readonly #stopping = new AbortController();
  readonly #ended: Promise<void>;
  #courier: Courier | undefined;
  readonly #passed = new Map<Passing, number>();
  #standby = false;
  #cursorLost: Trouble | undefined;

  constructor(options: RouteOptions, deps: RouteDependencies) {
    const { backbone, backboneOptions, random } = deps;
    this.#options = options;
    this.#deps = deps;
    this.#health = new ReceiverHealth(options.name, deps);
    this.#store = createCursorStore(options.name, backbone, backboneOptions, random);
    this.#backoff = new Backoff(backoffLimits, random);
    this.#passedCounter = deps.metrics.counter(
      "gateway_notify_passed_over_total",
      "Transitions that a receiver is not told of, by why.",
    );
    this.#ended = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#courier?.stop();
    await this.#ended;
  }

  state(): ReceiverState {
    const { deadLetters, delivered, failing } = this.#health;
    const counts = this.#courier?.counts;
    return {
      name: this.#options.name,
      kind: this.#options.kind,
      standby: this.#standby,
      waiting: counts?.transitions ?? 0,
      retried: counts?.retried ?? 0,
      held: counts?.held ?? {},
      passedOver: Object.fromEntries(this.#passed),
      delivered,
      deadLetters,
      failing,
      cursorLost: this.#cursorLost,
    };
  }

  async #run(): Promise<void> {
    const { backbone, backboneOptions, clock, logger } = this.#deps;
    const receiver = this.#options.name;
    const signal = this.#stopping.signal;
    const bucket = cacheBucket(backbone, leasesBucket, backboneOptions);
    const leasing = { ...this.#deps, bucket };
    while (!signal.aborted) {
      const lease = await takeLease(`notify.${receiver}`, signal, leasing, () => {
        if (!this.#standby) logger.info("another process tells a receiver; waiting", { receiver });
        this.#standby = true;
      });
      this.#standby = false;
      if (!lease) return;
      try {
        await this.#stay(lease);
      } catch (thrown) {
        const failure = GatewayError.from(thrown, "stream.unavailable", "cannot go on");
        const { code, message: reason } = failure;
        if (!signal.aborted) logger.warn("a receiver is left for now", { receiver, code, reason });
      }
      this.#courier = undefined;
      await lease.release();
      await sleep(clock, this.#backoff.nextMs(), signal);
    }
  }

  async #stay(lease: Lease): Promise<void> {
    const signal = this.#stopping.signal;
    const stored = await this.#store.load(signal);
    const cursor = await this.#beginAt(stored);
    // From here on whoever told the receiver before is refused.
    const revision = await this.#store.save(cursor, stored.revision, signal);
    this.#backoff.reset();
    const { name, receiver } = this.#options;
    const { routes } = this.#deps;
    const { giveUpAfterMs } = receiver;
    const onAttempt = this.#health.note.bind(this.#health);
    const delivery = { ...this.#deps, name, receiver, giveUpAfterMs, onAttempt };
    const mayTell = (): boolean => lease.held;
    const courier = new Courier(cursor, revision, this.#store, {
      ...this.#deps,
      delivery,
      mayTell,
      alone: receiver.alone === true,
      routesKey: routes.key,
      planFor: (transition) => routes.planFor(name, transition),
      onPassed: (why, transitions) => this.#notePassed(why, transitions),
    });
    this.#courier = courier;
    const stop = (): void => courier.stop();
    lease.lost.addEventListener("abort", stop, { once: true });
    if (signal.aborted || lease.lost.aborted) courier.stop();
    const attended = new AbortController();
    const told = alertsTold((transition) => courier.wasTold(transition), this.#deps);
    const attending = receiver.attend?.(told, attended.signal);
    try {
      await courier.run();
    } finally {
      attended.abort();
      await attending;
    }
  }

  #notePassed(why: Passing, transitions: number): void {
    this.#passed.set(why, (this.#passed.get(why) ?? 0) + transitions);
    this.#passedCounter.add(transitions, { receiver: this.#options.name, reason: why });
  }

  async #beginAt(stored: StoredCursor): Promise<ReceiverCursor> {
    const { backbone, backboneOptions, clock, logger } = this.#deps;
    const connection = await backbone.connected(this.#stopping.signal);
    if (stored.kind === "read") {
      const { routes } = this.#deps;
      let { cursor } = stored;
      if (cursor.routes !== undefined && cursor.routes !== routes.key) {
        const { name, receiver } = this.#options;
        const edited = new EditedRoutes(cursor);
        await readAlerts(connection, backboneOptions, (read) => edited.take(read));
        const planFor = (transition: AlertTransition) => routes.planFor(name, transition);
        cursor = edited.cursor(planFor, receiver.alone === true, clock.wallMs());
      }
      if (cursor.by_site || cursor.mark === null) return cursor;
      const mark = await markBeforeMissed(connection, cursor.mark);
      if (mark !== cursor.mark)
        logger.warn("a notifier of the version before passed over alerts; they are told now", {
          receiver: this.#options.name,
        });
      return { ...cursor, mark };
    }
    const nowMs = clock.wallMs();
    const told = await readToldByLog(connection, this.#options.name);
    if (stored.kind === "damaged") {
      const { reason } = stored;
      this.#cursorLost = { sinceMs: nowMs, reason };
      logger.error(
        "the cursor of a receiver cannot be read: it goes on behind what it was told by the log of " +
          "attempts, and with all else that fires now",
        { receiver: this.#options.name, reason },
      );
    }
    const isUnknown = stored.kind === "new" && told.lastMs === undefined;
    const sinceMs = isUnknown
      ? nowMs - newReceiverLooksBackMs
      : (told.lastMs ?? Number.POSITIVE_INFINITY);
    const first = new FirstCursor(sinceMs, (id) => told.has(id));
    await readAlerts(connection, backboneOptions, (read) => first.take(read));
    return first.cursor();
  }
}
