/**
 * One stay as the active historian: from the positions that were loaded until another process writes
 * them, or until the stop.
 *
 * Invariants
 * - A position is moved when the database has every point up to it, or the dead letters have.
 * - Positions are written over the revision that was read; whoever is refused ends.
 */
import { type EpochMs, sleep } from "../core/clock.ts";
import type { Metrics } from "../core/metrics.ts";
import type { SpanSink } from "../core/span.ts";
import { alertsStream, derivedStream } from "../core/subject.ts";
import { openAlertReader } from "../stream/alert-reader.ts";
import { openDerivedReader } from "../stream/derived-reader.ts";
import type { DiscoveredGateway } from "../stream/discover-gateways.ts";
import {
  type GatewayPosition,
  type GatewayReaderDependencies,
  openGatewayReader,
} from "../stream/gateway-reader.ts";
import { KeptPositions } from "../stream/kept-positions.ts";
import type { BackboneOptions } from "../stream/options.ts";
import type { PositionStore, StoredPositions } from "../stream/reading-positions.ts";
import { alertPoint } from "./alert-points.ts";
import { derivedPoint } from "./derived-points.ts";
import { addEventPoints, type PointForm } from "./event-points.ts";
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
  readonly #kept: KeptPositions;
  readonly #writer: PointWriter;
  readonly #readers = new Map<string, AbortController>();
  readonly #ended = new AbortController();
  #failure: unknown;

  constructor(stored: StoredPositions, store: PositionStore, deps: StayDependencies) {
    this.#deps = deps;
    this.#kept = new KeptPositions(stored, store, deps);
    this.#writer = new PointWriter(deps.batch, deps.clock);
  }

  /** When positions were saved last in this stay, wall clock. */
  get savedMs(): EpochMs | undefined {
    return this.#kept.savedMs;
  }

  get waiting(): number {
    return this.#writer.waiting;
  }

  position(stream: string): GatewayPosition | undefined {
    return this.#kept.of(stream);
  }

  /** Resolves after `stop`; rejects with the reason when the stay has to end. */
  async run(): Promise<void> {
    const { signal } = this.#ended;
    const working = [this.#write(), this.#readAlerts(), this.#readDerived()];
    while (!signal.aborted) {
      await sleep(this.#deps.clock, saveEveryMs, signal);
      await this.#kept.save(signal).catch((thrown: unknown) => this.#fail(thrown));
    }
    await Promise.all(working);
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#deps.backbone.connection())
      await this.#kept.save(AbortSignal.timeout(lastSaveWithinMs)).catch(() => {});
  }

  /** Reads exactly these gateways from now on; to be called again from time to time. */
  follow(gateways: readonly DiscoveredGateway[]): void {
    const wanted = new Set(gateways.map(({ stream }) => stream));
    for (const [stream, stop] of this.#readers) if (!wanted.has(stream)) stop.abort();
    for (const stream of this.#kept.streams)
      if (!wanted.has(stream) && !this.#readers.has(stream)) this.#kept.forget(stream);
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
    const reader = openGatewayReader(stream, this.#kept.of(stream), stop.signal, deps);
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
        this.#kept.move(stream, position);
      };
      await this.#writer.add(stream, lines, whenStored, stop.signal);
    }
    this.#readers.delete(stream);
  }

  async #readAlerts(): Promise<void> {
    const { form } = this.#deps;
    const { signal } = this.#ended;
    // Read anew, every episode ends as it did.
    const reader = openAlertReader(this.#kept.alerts, signal, this.#deps, () => {});
    for (;;) {
      const batch = await reader.next();
      const mark = batch?.at(-1)?.mark;
      if (!batch || !mark) return;
      const lines = batch.flatMap(({ transition }) => alertPoint(transition, form) ?? []);
      const whenStored = (): void => this.#kept.moveAlerts(mark);
      await this.#writer.add(alertsStream, lines, whenStored, signal);
    }
  }

  async #readDerived(): Promise<void> {
    const { form } = this.#deps;
    const { signal } = this.#ended;
    const reader = openDerivedReader(this.#kept.derived, signal, this.#deps);
    for (;;) {
      const batch = await reader.next();
      const mark = batch?.at(-1)?.mark;
      if (!batch || !mark) return;
      const lines = batch.flatMap(({ value }) => derivedPoint(value, form) ?? []);
      const whenStored = (): void => this.#kept.moveDerived(mark);
      await this.#writer.add(derivedStream, lines, whenStored, signal);
    }
  }

  #fail(thrown: unknown): void {
    this.#failure ??= thrown;
    this.stop();
  }
}
