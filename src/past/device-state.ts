/**
 * What a device was like at a moment, folded out of what its gateway said of it, in any order.
 *
 * Two questions sound alike. How it was: of all that is known today, what happened by then, by event
 * time; what was received days later counts as well. What was known: what the backbone held by then, and
 * nothing else. One fold answers both: it is given what may count, and keeps the latest by event time.
 *
 * Bounded: of more metrics than there is room for, the later ones are counted.
 */
import type { EpochMs } from "../core/clock.ts";
import type { DeviceRecord } from "../core/device.ts";
import type { ClockQuality, Status, StoredEvent } from "../core/event.ts";
import { type EventId, eventIdOf, type StreamSeq } from "../core/ids.ts";
import type { Measurement } from "../core/measurement.ts";
import type { RecordedPlace } from "./recorded-line.ts";

const mostMetrics = 10_000;

/** When something was so, and how that became known. */
export interface Known {
  readonly timeMs: EpochMs;
  readonly receivedMs: EpochMs;
  readonly storedMs: EpochMs;
  readonly streamSeq: StreamSeq;
  readonly clock: ClockQuality;
  readonly id: EventId;
}

/** What the gateway has said of the device at all, at any time. */
export interface Expectation {
  readonly record: boolean;
  readonly status: boolean;
}

export type KnownValue = Known & Measurement;
export type KnownStatus = Known & Status;
export type KnownRecord = Known & { readonly record: DeviceRecord };

export class DeviceState {
  readonly #values = new Map<string, KnownValue>();
  #status: KnownStatus | undefined;
  #record: KnownRecord | undefined;
  #profile: (Known & { readonly name: string }) | undefined;
  #events = 0;
  #leftOut = 0;

  /** Takes an event of the device that may count. */
  take(event: StoredEvent, place: RecordedPlace): void {
    this.#events += 1;
    const { clock, origin, position, receivedMs, timeMs } = event;
    const id = eventIdOf(origin.gateway, position.run, position.seq);
    const known = { timeMs, receivedMs, ...place, clock, id };
    if (event.kind === "status" && isLater(known, this.#status))
      this.#status = { ...known, ...event.data };
    if (event.kind === "device" && isLater(known, this.#record))
      this.#record = { ...known, record: event.data };
    if (event.kind !== "measurement") return;
    if (event.profile !== undefined && isLater(known, this.#profile))
      this.#profile = { ...known, name: event.profile };
    for (const measurement of event.data) this.#note(measurement, known);
  }

  /** By the names of metrics. */
  get values(): readonly KnownValue[] {
    return [...this.#values.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  get status(): KnownStatus | undefined {
    return this.#status;
  }

  get record(): KnownRecord | undefined {
    return this.#record;
  }

  /** That read it last, else that its record names. */
  get profile(): string | undefined {
    return this.#profile?.name ?? this.#record?.record.profile;
  }

  /** Events that were folded. */
  get events(): number {
    return this.#events;
  }

  /** Values for which no room was left. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** True where nothing that happened before `sinceMs` could change what is known here. */
  isCertain(sinceMs: EpochMs, expects: Expectation): boolean {
    const isKnown = (known: Known | undefined): boolean =>
      known !== undefined && known.timeMs >= sinceMs;
    const { metrics = [] } = this.#record?.record ?? {};
    return (
      (isKnown(this.#record) || !expects.record) &&
      (isKnown(this.#status) || !expects.status) &&
      [...this.#values.values()].every(isKnown) &&
      metrics.every(({ name }) => this.#values.has(name))
    );
  }

  #note(measurement: Measurement, known: Known): void {
    const { name } = measurement;
    const before = this.#values.get(name);
    if (!before && this.#values.size >= mostMetrics) this.#leftOut += 1;
    else if (isLater(known, before)) this.#values.set(name, { ...known, ...measurement });
  }
}

/** Of two of one time, the later in the stream. */
function isLater({ streamSeq, timeMs }: Known, before: Known | undefined): boolean {
  if (before === undefined || timeMs !== before.timeMs)
    return timeMs > (before?.timeMs ?? Number.NEGATIVE_INFINITY);
  return streamSeq > before.streamSeq;
}
