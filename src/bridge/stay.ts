/**
 * One stay in a share of the work: from the positions that were loaded until another process has the
 * share, the target cannot be written to any more, or the stop.
 *
 * Invariants
 * - A position is moved when the target has everything up to it, or it is set aside.
 * - Who is refused when it saves its positions ends.
 */
import { sleep } from "../core/clock.ts";
import type { Metrics } from "../core/metrics.ts";
import { alertsStream, partitionAlerts } from "../core/subject.ts";
import { openAlertReader } from "../stream/alert-reader.ts";
import type { DiscoveredGateway } from "../stream/discover-gateways.ts";
import {
  type GatewayReaderDependencies,
  openGatewayReader,
  type ReadBatch,
} from "../stream/gateway-reader.ts";
import type { KeptPositions } from "../stream/kept-positions.ts";
import type { BackboneOptions } from "../stream/options.ts";
import type { Tear } from "../stream/seen-records.ts";
import type { Carrier } from "./carrier.ts";
import {
  alertLetter,
  eventLetter,
  gapLetter,
  type MissedEvents,
  missedIn,
} from "./event-letter.ts";
import type { Letter } from "./letter.ts";
import type { Wanted } from "./wanted-events.ts";

/** What is carried and not saved is carried again by the next stay, where the target keeps no place. */
const saveEveryMs = 1_000;
/** How long a stop waits for its last save. */
const lastSaveWithinMs = 2_000;

export interface StayDependencies extends Omit<GatewayReaderDependencies, "metrics"> {
  readonly backboneOptions: BackboneOptions;
  readonly wanted: Wanted;
  /** Undefined where the target gets no alerts. */
  readonly alertsOf: number | undefined;
  /** What it carried itself comes back from a target that a gateway reads: not to be carried again. */
  readonly isOwnEcho: (letter: Letter) => boolean;
  /** Resolves once it is told, or at the signal. */
  readonly tellMissed: (missed: MissedEvents, stream: string, signal: AbortSignal) => Promise<void>;
}

/** What readers count is counted by those whose work they are. */
const uncounted: Metrics = {
  counter: () => ({ add() {} }),
  gauge: () => ({ set() {} }),
};

export class Stay {
  readonly #deps: StayDependencies;
  readonly #kept: KeptPositions;
  readonly #carrier: Carrier;
  readonly #readers = new Map<string, AbortController>();
  readonly #ended = new AbortController();
  #failure: unknown;

  constructor(kept: KeptPositions, carrier: Carrier, deps: StayDependencies) {
    this.#kept = kept;
    this.#carrier = carrier;
    this.#deps = deps;
  }

  /** Letters in memory. */
  get waiting(): number {
    return this.#carrier.waiting;
  }

  /** Resolves after `stop`; rejects with the reason when the stay has to end. */
  async run(): Promise<void> {
    const { alertsOf, backbone, clock } = this.#deps;
    const { signal } = this.#ended;
    const fail = (thrown: unknown): void => this.#fail(thrown);
    const working = [this.#carrier.run(signal).catch(fail)];
    if (alertsOf !== undefined) working.push(this.#readAlerts(alertsOf).catch(fail));
    while (!signal.aborted) {
      await sleep(clock, saveEveryMs, signal);
      await this.#kept.save(signal).catch(fail);
    }
    await Promise.all(working);
    if (backbone.connection())
      await this.#kept.save(AbortSignal.timeout(lastSaveWithinMs)).catch(() => {});
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Reads exactly these gateways from now on; to be called again from time to time. */
  follow(gateways: readonly DiscoveredGateway[]): void {
    const wanted = new Map(gateways.map((gateway) => [gateway.stream, gateway]));
    for (const [stream, stop] of this.#readers) if (!wanted.has(stream)) stop.abort();
    for (const stream of this.#kept.streams)
      if (!wanted.has(stream) && !this.#readers.has(stream)) this.#kept.forget(stream);
    if (this.#ended.signal.aborted) return;
    for (const [stream, gateway] of wanted)
      if (!this.#readers.has(stream))
        void this.#read(gateway).catch((thrown: unknown) => this.#fail(thrown));
  }

  stop(): void {
    this.#ended.abort();
    for (const stop of this.#readers.values()) stop.abort();
  }

  async #read(gateway: DiscoveredGateway): Promise<void> {
    const { stream } = gateway;
    const stop = new AbortController();
    this.#readers.set(stream, stop);
    const deps = { ...this.#deps, metrics: uncounted, keepsMessages: true };
    const reader = openGatewayReader(stream, this.#kept.of(stream), stop.signal, deps);
    for (;;) {
      const batch = await reader.next();
      if (!batch) break;
      const { position, tear } = batch;
      if (!position) continue;
      const letters = this.#lettersOf(batch, stream);
      if (tear) letters.unshift(...(await this.#gap(tear, batch, gateway, stop.signal)));
      const whenCarried = (): void => this.#kept.move(stream, position);
      await this.#carrier.take({ stream, letters, whenCarried, position }, stop.signal);
    }
    this.#readers.delete(stream);
  }

  #lettersOf({ events, messages }: ReadBatch, stream: string): Letter[] {
    const { isOwnEcho, wanted } = this.#deps;
    const letters: Letter[] = [];
    for (const [at, event] of events.entries()) {
      const message = messages[at];
      if (!message || !wanted.event(event)) continue;
      const letter = eventLetter(event, message, stream);
      if (!isOwnEcho(letter)) letters.push(letter);
    }
    return letters;
  }

  async #gap(
    tear: Tear,
    { events: [first] }: ReadBatch,
    gateway: DiscoveredGateway,
    signal: AbortSignal,
  ): Promise<Letter[]> {
    const missed = missedIn(tear);
    await this.#deps.tellMissed(missed, gateway.stream, signal);
    return first ? [gapLetter(missed, gateway, first.timeMs)] : [];
  }

  async #readAlerts(partition: number): Promise<void> {
    const { wanted } = this.#deps;
    const { signal } = this.#ended;
    const stream = alertsStream;
    // Read anew, its transitions are the same letters.
    const reader = openAlertReader(
      this.#kept.alerts,
      signal,
      this.#deps,
      () => {},
      partitionAlerts(partition),
    );
    for (;;) {
      const batch = await reader.next();
      const mark = batch?.at(-1)?.mark;
      if (!batch || !mark) return;
      const letters = batch
        .map(alertLetter)
        .filter(({ labels }) => wanted.alertsOf(labels["site"] ?? ""));
      const whenCarried = (): void => this.#kept.moveAlerts(mark);
      await this.#carrier.take({ stream, letters, whenCarried, position: mark }, signal);
    }
  }

  #fail(thrown: unknown): void {
    this.#failure ??= thrown;
    this.stop();
  }
}
