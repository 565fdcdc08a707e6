/**
 * Carries the log's records into the gateway's stream, each once and in order.
 *
 * It has one loop: wait for a connection, reconcile, publish through one lane until anything at all
 * is not as expected, wait for what is under way, and begin again. There is no other way to recover,
 * so a refusal, a lost connection and a restored backup take the same road.
 *
 * Invariants
 * - Never two lanes at once.
 * - Nothing is published before the position was read on the same connection.
 * - A record is passed over only after its gap is declared and the declaration is durable.
 */
import type { NatsConnection } from "@nats-io/transport-node";
import { type Clock, sleep } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import type { Origin } from "../core/event.ts";
import type { StreamPosition } from "../core/log-accounts.ts";
import type { LogReader } from "../core/log-reader.ts";
import type { Logger } from "../core/logger.ts";
import type { Metrics } from "../core/metrics.ts";
import type { RecordLog } from "../core/record-log.ts";
import { Backoff, type BackoffLimits, type Random } from "../core/retry.ts";
import type { Backbone } from "../stream/backbone.ts";
import type { BackboneOptions } from "../stream/options.ts";
import { retryLimits } from "../stream/retry-limits.ts";
import { gatewayStreamContract } from "../stream/stream-contract.ts";
import { Bell } from "./bell.ts";
import { createGapDeclarer } from "./declare-gap.ts";
import { type ForwardState, ForwardStatus } from "./forward-status.ts";
import { createGiveUp, type GiveUp } from "./give-up.ts";
import type { Lane } from "./lane.ts";
import { openLane } from "./open-lane.ts";
import { PassedOver } from "./passed-over.ts";
import { type PumpDependencies, pump } from "./pump.ts";
import { Reconciler } from "./reconcile.ts";
import { TakenPlaces } from "./taken-places.ts";
import { judgeTrouble } from "./trouble.ts";

const settleLookMs = 10;

export interface ForwarderDependencies {
  readonly log: RecordLog;
  readonly backbone: Backbone;
  readonly origin: Origin;
  readonly options: BackboneOptions;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Allows, once, to continue a stream whose last writer this log does not know. */
  readonly takeOver?: boolean;
  /** Messages have the trace of their event as headers. */
  readonly traceHeaders?: boolean;
  /** Called behind each confirmation. */
  readonly onConfirmed?: (() => void) | undefined;
  /** Waits after trouble that is not the connection's. Default: as the options say. */
  readonly backoff?: BackoffLimits;
}

export interface Forwarder {
  /** Begins in the background; the link may be down. */
  start(): void;
  /** Takes no more records and resolves when what was under way is answered, after 5 s at most. */
  stop(): Promise<void>;
  state(): ForwardState;
}

export function createForwarder(deps: ForwarderDependencies): Forwarder {
  return new StreamForwarder(deps);
}

class StreamForwarder implements Forwarder {
  readonly #deps: ForwarderDependencies;
  readonly #bell = new Bell();
  readonly #stopping = new AbortController();
  readonly #backoff: Backoff;
  readonly #reconciler: Reconciler;
  readonly #status: ForwardStatus;
  readonly #giveUp: GiveUp;
  readonly #pump: PumpDependencies;
  readonly #places: TakenPlaces;
  #lane: Lane | undefined;
  /** Aborted, and made anew, each time the connection is lost. */
  #connectionLost = new AbortController();
  #running: Promise<void> | undefined;

  constructor(deps: ForwarderDependencies) {
    const { clock, log, logger, metrics, options, origin } = deps;
    this.#deps = deps;
    this.#backoff = new Backoff(deps.backoff ?? retryLimits(options), deps.random);
    const declareGap = createGapDeclarer(log, origin, clock);
    const passedOver = new PassedOver(log);
    const status = new ForwardStatus(clock, logger, metrics);
    this.#status = status;
    const onGivenUp = (): void => status.gaveUp();
    this.#giveUp = createGiveUp({ ...deps, passedOver, declareGap, onGivenUp });
    this.#places = new TakenPlaces(origin.gateway, this.#giveUp);
    this.#pump = {
      log,
      passedOver,
      bell: this.#bell,
      status,
      window: options.window,
      drainRate: options.drain_rate,
      clock,
      setAside: (record) => this.#giveUp(record, "set-aside", this.#stopping.signal),
    };
    const contract = { ...gatewayStreamContract(origin, options), batches: true };
    const takeOver = deps.takeOver ?? false;
    this.#reconciler = new Reconciler({ ...deps, contract, declareGap, passedOver, takeOver });
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#bell.ring();
    await this.#running;
  }

  state(): ForwardState {
    return this.#status.state(this.#lane?.inFlight ?? 0);
  }

  async #run(): Promise<void> {
    const { backbone, clock, log } = this.#deps;
    const { signal } = this.#stopping;
    const stopHearing = [
      log.onDurable(() => this.#bell.ring()),
      backbone.onState((state) => {
        if (state.kind === "connected") return;
        this.#lane?.fail(new GatewayError("stream.unavailable", "the connection was lost"));
        this.#connectionLost.abort();
        this.#connectionLost = new AbortController();
        this.#status.become("offline", state.failure?.message);
      }),
    ];
    while (!signal.aborted) {
      let waitMs = 0;
      try {
        const connection = await backbone.connected(signal);
        waitMs = await this.#serve(connection);
      } catch (thrown) {
        waitMs = this.#judge(thrown);
      }
      if (waitMs > 0) {
        await sleep(clock, waitMs, AbortSignal.any([signal, this.#connectionLost.signal]));
      }
    }
    for (const stop of stopHearing) stop();
    this.#status.become("offline", "stopped");
  }

  /** Reconciles and publishes until an anomaly; gives how long to wait before the next try. */
  async #serve(connection: NatsConnection): Promise<number> {
    const { backbone, clock, log, options, origin } = this.#deps;
    const { signal } = this.#stopping;
    if (this.#status.kind !== "blocked") this.#status.become("reconciling");
    const verdict = await this.#reconciler.reconcile(connection, signal);
    if (verdict.kind === "blocked") {
      this.#status.become("blocked", verdict.reason);
      return verdict.retryMs;
    }
    await this.#places.settle(connection, verdict.after, signal);
    const reader = await log.openReader(verdict.after, { publishing: true });
    try {
      const lane = openLane(
        {
          connection,
          origin,
          lastStreamSeq: verdict.lastStreamSeq,
          window: options.window,
          traceHeaders: this.#deps.traceHeaders ?? false,
          inbox: backbone.createInbox(),
          clock,
          onConfirmed: (position, count) => this.#confirm(position, count),
          onChange: () => this.#bell.ring(),
        },
        verdict.batches,
      );
      return await this.#work(lane, reader);
    } finally {
      await reader.close();
    }
  }

  /** Publishes through one lane, from its first record to the last answer that can come. */
  async #work(lane: Lane, reader: LogReader): Promise<number> {
    const { signal } = this.#stopping;
    this.#lane = lane;
    await pump(lane, reader, this.#pump, signal);
    while (!lane.quiet) await sleep(this.#deps.clock, settleLookMs);
    const { refused, tooLarge } = lane.end();
    this.#lane = undefined;
    this.#places.doubt(refused);
    if (tooLarge) await this.#giveUp(tooLarge, "set-aside", signal);
    if (!lane.anomaly || tooLarge) return 0;
    return this.#judge(lane.anomaly);
  }

  #confirm(position: StreamPosition, count: number): void {
    this.#deps.log.confirm(position);
    this.#deps.onConfirmed?.();
    this.#status.confirmed(count, this.#lane?.inFlight ?? 0);
    this.#backoff.reset();
  }

  #judge(thrown: unknown): number {
    if (this.#stopping.signal.aborted) return 0;
    const { backbone, logger } = this.#deps;
    return judgeTrouble(thrown, { backbone, backoff: this.#backoff, status: this.#status, logger });
  }
}
