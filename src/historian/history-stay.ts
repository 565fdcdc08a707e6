/**
 * One stay as the active historian: from the positions that were loaded until another process writes
 * them, or until the stop.
 *
 * Invariants
 * - A position is moved when the database has every point up to it, or the dead letters have.
 * - Positions are written over the revision that was read; whoever is refused ends.
 */
import { type EpochMs, sleep } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import type { Metrics } from "../core/metrics.ts";
import type { SpanSink } from "../core/span.ts";
import { alertsStream, derivedStream } from "../core/subject.ts";
import { type AlertMark, openAlertReader } from "../stream/alert-reader.ts";
import { openDerivedReader } from "../stream/derived-reader.ts";
import type { DiscoveredGateway } from "../stream/discover-gateways.ts";
import {
  type GatewayPosition,
  type GatewayReaderDependencies,
  openGatewayReader,
} from "../stream/gateway-reader.ts";
import type { EntryMark } from "../stream/marked-reading.ts";
import type { BackboneOptions } from "../stream/options.ts";
import { alertPoint } from "./alert-points.ts";
import { derivedPoint } from "./derived-points.ts";
import { addEventPoints, type PointForm } from "./event-points.ts";
import type { HistoryPosition, PositionStore, StoredPosition } from "./history-position.ts";
import { PointWriter, type PointWriterOptions } from "./point-writer.ts";
import { TracedPoints } from "./traced-points.ts";

/** What is stored and not saved is written again by the next stay, and changes nothing. */
const saveEveryMs = 1_000;
/** How long a stop waits for its last save. */
const lastSaveWithinMs = 2_000;

export interface StayDependencies extends Omit<GatewayReaderDependencies, "metrics"> {
  readonly backboneOptions: BackboneOptions;
  readonly form: PointForm;
  readonly batch: PointWriterOptions;
  /** Takes spans of events with a trace; absent where nobody collects them. */
  readonly spans?: SpanSink | undefined;
}

/** What readers count is counted by those whose work they are. */
const uncounted: Metrics = {
  counter: () => ({ add() {} }),
  gauge: () => ({ set() {} }),
};

export class HistoryStay {
  readonly #deps: StayDependencies;
  readonly #store: PositionStore;
  readonly #writer: PointWriter;
  readonly #gateways: Map<string, GatewayPosition>;
  readonly #readers = new Map<string, AbortController>();
  readonly #ended = new AbortController();
  #alerts: AlertMark | undefined;
  #derived: EntryMark | undefined;
  #revision: number;
  #isBehind = false;
  #savedMs: EpochMs | undefined;
  #failure: unknown;

  constructor(
    { position, revision }: StoredPosition,
    store: PositionStore,
    deps: StayDependencies,
  ) {
    this.#deps = deps;
    this.#store = store;
    this.#writer = new PointWriter(deps.batch, deps.clock);
    this.#revision = revision;
    this.#gateways = new Map(Object.entries(position?.gateways ?? {}));
    this.#alerts = position?.alerts ?? undefined;
    this.#derived = position?.derived ?? undefined;
  }

  /** When positions were saved last in this stay, wall clock. */
  get savedMs(): EpochMs | undefined {
    return this.#savedMs;
  }

  get waiting(): number {
    return this.#writer.waiting;
  }

  position(stream: string): GatewayPosition | undefined {
    return this.#gateways.get(stream);
  }

  /** Resolves after `stop`; rejects with the reason when the stay has to end. */
  async run(): Promise<void> {
    const { signal } = this.#ended;
    const working = [this.#write(), this.#readAlerts(), this.#readDerived()];
    while (!signal.aborted) {
      await sleep(this.#deps.clock, saveEveryMs, signal);
      await this.#save(signal).catch((thrown: unknown) => this.#fail(thrown));
    }
    await Promise.all(working);
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#deps.backbone.connection())
      await this.#save(AbortSignal.timeout(lastSaveWithinMs)).catch(() => {});
  }

  /** Reads exactly these gateways from now on; to be called again from time to time. */
  follow(gateways: readonly DiscoveredGateway[]): void {
    const wanted = new Set(gateways.map(({ stream }) => stream));
    for (const [stream, stop] of this.#readers) if (!wanted.has(stream)) stop.abort();
    for (const stream of this.#gateways.keys())
      if (!wanted.has(stream) && !this.#readers.has(stream)) this.#gateways.delete(stream);
    if (this.#ended.signal.aborted) return;
    for (const stream of wanted) if (!this.#readers.has(stream)) void this.#read(stream);
  }

  stop(): void {
    this.#ended.abort();
    for (const stop of this.#readers.values()) stop.abort();
  }

  async #write(): Promise<void> {
    await this.#writer.run(this.#ended.signal).catch((thrown: unknown) => this.#fail(thrown));
  }

  async #read(stream: string): Promise<void> {
    const { clock, form, spans } = this.#deps;
    const stop = new AbortController();
    this.#readers.set(stream, stop);
    const deps = { ...this.#deps, metrics: uncounted };
    const reader = openGatewayReader(stream, this.#gateways.get(stream), stop.signal, deps);
    const traced = spans && new TracedPoints(spans, clock);
    for (;;) {
      const batch = await reader.next();
      if (!batch) break;
      const { position } = batch;
      if (!position) continue;
      const lines: string[] = [];
      for (const event of batch.events) addEventPoints(lines, event, form);
      const noteStored = traced?.read(batch.events);
      const whenStored = (): void => {
        noteStored?.();
        this.#moveGateway(stream, position);
      };
      await this.#writer.add(stream, lines, whenStored, stop.signal);
    }
    this.#readers.delete(stream);
  }

  async #readAlerts(): Promise<void> {
    const { form } = this.#deps;
    const { signal } = this.#ended;
    // Read anew, every episode ends as it did.
    const reader = openAlertReader(this.#alerts, signal, this.#deps, () => {});
    for (;;) {
      const batch = await reader.next();
      const mark = batch?.at(-1)?.mark;
      if (!batch || !mark) return;
      const lines = batch.flatMap(({ transition }) => alertPoint(transition, form) ?? []);
      const whenStored = (): void => {
        this.#alerts = mark;
        this.#isBehind = true;
      };
      await this.#writer.add(alertsStream, lines, whenStored, signal);
    }
  }

  async #readDerived(): Promise<void> {
    const { form } = this.#deps;
    const { signal } = this.#ended;
    const reader = openDerivedReader(this.#derived, signal, this.#deps);
    for (;;) {
      const batch = await reader.next();
      const mark = batch?.at(-1)?.mark;
      if (!batch || !mark) return;
      const lines = batch.flatMap(({ value }) => derivedPoint(value, form) ?? []);
      const whenStored = (): void => {
        this.#derived = mark;
        this.#isBehind = true;
      };
      await this.#writer.add(derivedStream, lines, whenStored, signal);
    }
  }

  #moveGateway(stream: string, position: GatewayPosition): void {
    this.#gateways.set(stream, position);
    this.#isBehind = true;
  }

  async #save(signal: AbortSignal): Promise<void> {
    const { backbone, clock, logger } = this.#deps;
    if (!this.#isBehind || !backbone.connection()) return;
    this.#isBehind = false;
    const position: HistoryPosition = {
      format: 1,
      gateways: Object.fromEntries(this.#gateways),
      alerts: this.#alerts ?? null,
      derived: this.#derived ?? null,
    };
    try {
      this.#revision = await this.#store.save(position, this.#revision, signal);
      this.#savedMs = clock.wallMs();
    } catch (thrown) {
      this.#isBehind = true;
      const failure = GatewayError.from(thrown, "stream.unavailable", "cannot save positions");
      if (failure.code === "stream.fenced") throw failure;
      logger.debug("positions were not saved; it is tried again", { reason: failure.message });
    }
  }

  #fail(thrown: unknown): void {
    this.#failure ??= thrown;
    this.stop();
  }
}
