/** Spans of events of one stream that carry a trace, from when they were read until the database had them. */
import type { Clock, EpochMs } from "../core/clock.ts";
import type { StoredEvent } from "../core/event.ts";
import { eventSpan, type SpanSink } from "../core/span.ts";
import { type CarriedTrace, traceOf } from "../core/trace-context.ts";

interface TracedPoint {
  readonly event: StoredEvent;
  readonly trace: CarriedTrace;
  readonly readMs: EpochMs;
}

export class TracedPoints {
  readonly #spans: SpanSink;
  readonly #clock: Clock;
  /** Read, and not known to be stored. */
  #waiting: TracedPoint[] = [];
  /** How many were stored since the beginning. */
  #stored = 0;

  constructor(spans: SpanSink, clock: Clock) {
    this.#spans = spans;
    this.#clock = clock;
  }

  /** Notes what was read; gives what to call once all of it, and all that was read before, is stored. */
  read(events: readonly StoredEvent[]): () => void {
    const readMs = this.#clock.wallMs();
    for (const event of events) {
      if (event.extensions === undefined || !hasPoints(event)) continue;
      const trace = traceOf(event.extensions);
      if (trace) this.#waiting.push({ event, trace, readMs });
    }
    const upTo = this.#stored + this.#waiting.length;
    return () => this.#noteStored(upTo);
  }

  #noteStored(upTo: number): void {
    const stored = this.#waiting.slice(0, Math.max(0, upTo - this.#stored));
    this.#waiting = this.#waiting.slice(stored.length);
    this.#stored += stored.length;
    const nowMs = this.#clock.wallMs();
    for (const { event, readMs, trace } of stored)
      this.#spans.add(eventSpan(event, trace, "stored in history", readMs, nowMs));
  }
}

function hasPoints({ kind }: StoredEvent): boolean {
  return kind === "measurement" || kind === "status";
}
