/**
 * One stay in a partition: from a loaded checkpoint until another process writes one, or until the
 * stop.
 *
 * All gateways are read at the same time, but their batches, and the checkpoints between them, go one
 * after the other: positions, the memory of the rules and what is stored speak of the same moment.
 *
 * Invariants
 * - A checkpoint is written only when every transition up to its positions is stored.
 * - After a batch that was not finished, no checkpoint is written any more.
 */
import { type EpochMs, sleep, type Timer } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import { alertsStream } from "../core/subject.ts";
import type { DiscoveredGateway, SeenGateway } from "../stream/discover-gateways.ts";
import {
  type GatewayPosition,
  openGatewayReader,
  type ReadBatch,
} from "../stream/gateway-reader.ts";
import { AlertLedger } from "./alert-ledger.ts";
import { type BoundCounts, BoundJournal } from "./bound-journal.ts";
import type { CheckpointStore } from "./checkpoint.ts";
import { CheckpointKeeper } from "./checkpoint-keeper.ts";
import { DerivedAppender } from "./derived-appender.ts";
import type { AskedRules, Engine, TransitionDraft } from "./engine.ts";
import { feedBatch } from "./feed-batch.ts";
import type { GatewaySightings } from "./gateway-sightings.ts";
import { HeadComparison } from "./head-comparison.ts";
import { judgeSightings } from "./judge-sightings.ts";
import { MishapLog, type MishapState } from "./mishaps.ts";
import { type OpenAlerts, openAlerts } from "./open-alerts.ts";
import { PartitionReaders } from "./partition-readers.ts";
import type { ReadSoFar } from "./passed-records.ts";
import { ReadingPace } from "./reading-pace.ts";
import type { TenancyDependencies, TenancyStart } from "./tenancy-start.ts";
import { TracedEvents } from "./traced-events.ts";
import { TurnQueue } from "./turn-queue.ts";

/** How long a stop waits for what is under way. */
const stopGraceMs = 5_000;

export class Tenancy {
  readonly #deps: TenancyDependencies;
  readonly #engine: Engine;
  readonly #alerts: AlertLedger;
  readonly #checkpoints: CheckpointKeeper;
  readonly #derived: DerivedAppender;
  readonly #comparison: HeadComparison;
  readonly #bounds: BoundJournal;
  readonly #mishaps: MishapLog;
  readonly #positions: Map<string, GatewayPosition>;
  readonly #read: ReadSoFar = {
    positionOf: (stream) => this.#positions.get(stream),
    gatewaysOf: (site) =>
      this.#gateways.flatMap((each) => (each.site === site ? [each.gateway] : [])),
  };
  #gateways: readonly DiscoveredGateway[] = [];
  readonly #readers: PartitionReaders;
  readonly #turns = new TurnQueue();
  readonly #traced = new TracedEvents();
  /** Aborted when nothing more may be written. */
  readonly #working = new AbortController();
  #failure: GatewayError | undefined;
  #grace: Timer | undefined;

  /** `revision` is that of the checkpoint which the next one replaces, also where it is unusable. */
  constructor(
    { checkpoint, engine, partition }: TenancyStart,
    revision: number,
    store: CheckpointStore,
    deps: TenancyDependencies,
  ) {
    this.#deps = deps;
    this.#checkpoints = new CheckpointKeeper(store, revision, deps.clock, deps.logger);
    this.#engine = engine;
    this.#derived = new DerivedAppender(checkpoint?.derived ?? [], deps);
    const mishaps = new MishapLog(checkpoint?.mishaps, deps.clock);
    const comparison = new HeadComparison(engine, deps.logger);
    this.#alerts = new AlertLedger(checkpoint?.recent ?? [], {
      ...deps,
      partition,
      engine,
      comparison,
      read: this.#read,
      lateAfterMs: deps.options.late_notify_after,
      stored: deps.counters.stored,
      onRefused: ({ id }, reason) =>
        mishaps.add({ kind: "transition-refused", stream: alertsStream, where: id, reason }),
    });
    this.#comparison = comparison;
    this.#bounds = new BoundJournal(partition, deps.logger);
    this.#mishaps = mishaps;
    this.#positions = new Map(Object.entries(checkpoint?.positions ?? {}));
    const pace = new ReadingPace(engine, deps.clock);
    this.#readers = new PartitionReaders(pace, {
      open: (stream, end) => openGatewayReader(stream, this.#positions.get(stream), end, deps),
      take: (stream, batch) => this.#inTurn(() => this.#process(stream, batch)),
    });
  }

  /** When the last checkpoint was written, wall clock; undefined before the first of this stay. */
  get savedMs(): EpochMs | undefined {
    return this.#checkpoints.savedMs;
  }

  /** What could not be taken in, as the next checkpoint will have it. */
  get mishaps(): MishapState {
    return this.#mishaps.state();
  }

  /** What fires now. */
  get firing(): OpenAlerts {
    return openAlerts(this.#engine.open());
  }

  /** For those who ask. */
  get rules(): AskedRules {
    return this.#engine;
  }

  /** What the rules counted in this stay. */
  get counts(): BoundCounts {
    return this.#engine.counts;
  }

  /** Devices whose samples or clocks somebody should look at. */
  get devicesInTrouble(): readonly object[] {
    return this.#engine.devicesInTrouble();
  }

  position(stream: string): GatewayPosition | undefined {
    return this.#positions.get(stream);
  }

  /** Resolves after `stop`; rejects with the reason when the partition has to be left. */
  async run(): Promise<void> {
    const { clock, options } = this.#deps;
    const reading = this.#readers.signal;
    const save = (): Promise<void> => this.#inTurn(() => this.#save());
    // What the alerts stream has and the rules have not must be known before they go on.
    await save();
    const clearing = this.#alerts.followClearances(reading, save);
    while (!reading.aborted) {
      await sleep(clock, options.checkpoint_every, reading);
      if (!reading.aborted) await save();
    }
    // Who comes next goes on from the last one, and may not before it is written.
    await save();
    await this.#checkpoints.written;
    this.#grace?.cancel();
    this.#working.abort();
    await clearing;
    await this.#checkpoints.written;
    if (this.#failure) throw this.#failure;
  }

  /** Reads exactly these; to be told again and again: a reader that ends is replaced later. */
  follow(seen: readonly SeenGateway[]): void {
    this.#gateways = seen.map(({ gateway }) => gateway);
    const speaking = seen.flatMap(({ gateway, lastSeq }) => (lastSeq > 0 ? gateway : []));
    void this.#inTurn(() => this.#storeSeen(this.#engine.expect(speaking)));
    this.#readers.follow(new Set(this.#gateways.map(({ stream }) => stream)));
  }

  /** Judges what was seen of the streams it reads; a stream that is gone for long ends its alerts. */
  see(sightings: GatewaySightings): void {
    if (this.#readers.signal.aborted) return;
    void this.#inTurn(async () => {
      const isRead = (stream: string): boolean => this.#readers.has(stream);
      const { found, gone } = judgeSightings(sightings, this.#positions, isRead, this.#engine);
      for (const stream of gone) {
        this.#deps.logger.warn("the stream of a gateway was removed; its alerts end", { stream });
        this.#positions.delete(stream);
      }
      this.#readers.look(sightings, this.#positions);
      if (gone.length > 0) this.#checkpoints.note(0);
      await this.#storeSeen(found);
    });
  }

  /** Ends the reading; a last checkpoint is written where there is a backbone to write to. */
  stop(): void {
    const { backbone, clock } = this.#deps;
    this.#readers.stop();
    if (!backbone.connection()) this.#working.abort();
    else this.#grace = clock.setTimer(stopGraceMs, () => this.#working.abort());
  }

  /** What came about without an event. */
  async #storeSeen(found: readonly TransitionDraft[]): Promise<void> {
    if (found.length > 0) this.#checkpoints.note(0);
    await this.#alerts.storeSeen(found, this.#working.signal);
    await this.#derived.append(this.#engine.derived(), this.#working.signal);
  }

  async #process(stream: string, batch: ReadBatch): Promise<void> {
    const { counters, options } = this.#deps;
    const transitions = await feedBatch(this.#engine, stream, batch, {
      ...this.#deps,
      comparison: this.#comparison,
      lateAfterMs: options.late_notify_after,
      mishaps: this.#mishaps,
      read: this.#read,
      setAside: counters.setAside,
      traced: this.#traced,
    });
    await this.#alerts.store(transitions, this.#working.signal);
    await this.#derived.append(this.#engine.derived(), this.#working.signal);
    if (batch.position) this.#positions.set(stream, batch.position);
    this.#checkpoints.note(batch.events.length + batch.strays.length);
    counters.fed.add(batch.events.length);
    if (this.#checkpoints.isDue) await this.#save();
  }

  async #save(): Promise<void> {
    const signal = this.#working.signal;
    await this.#derived.look(signal);
    if (await this.#alerts.agree(signal)) this.#checkpoints.note(0);
    await this.#checkpoints.written;
    if (!this.#checkpoints.isBehind) return;
    this.#bounds.look(this.#engine.counts);
    await this.#checkpoints.save(
      {
        positions: Object.fromEntries(this.#positions),
        memory: this.#engine.memory(),
        recent: this.#alerts.recent(),
        derived: this.#derived.parts(),
        mishaps: this.#mishaps.state(),
      },
      signal,
      (failure) => this.#lose(failure),
    );
  }

  /** Runs when it is its turn, unless the stay is over by then; a failure ends the stay. */
  #inTurn(run: () => Promise<void>): Promise<void> {
    return this.#turns.take(async () => {
      if (this.#failure) return;
      try {
        await run();
      } catch (thrown) {
        this.#lose(GatewayError.from(thrown, "internal.bug", "cannot go on in a partition"));
      }
    });
  }

  /** Ends the stay; the first reason counts. */
  #lose(failure: GatewayError): void {
    this.#failure ??= failure;
    this.#readers.stop();
  }
}
