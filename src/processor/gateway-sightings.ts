/**
 * What this process has seen of the gateways' streams by its own clock, look by look.
 *
 * Time counts only while looks follow one another over one connection: through an outage of the hub
 * itself, or a stop of this process, nobody saw whether a gateway spoke.
 */
import type { EpochMs } from "../core/clock.ts";
import type { StreamSeq } from "../core/ids.ts";
import type { SeenGateway } from "../stream/discover-gateways.ts";

/** What was seen of one stream. */
export interface Sighting extends SeenGateway {
  readonly lastStoredMs: EpochMs;
  /** For how long it was seen, without a break, that nothing was added. */
  readonly quietMs: number;
}

export class GatewaySightings {
  readonly #longestBreakMs: number;
  readonly #streams = new Map<string, { readonly lastSeq: StreamSeq; readonly sinceMs: number }>();
  readonly #gone = new Map<string, number>();
  #connection: object | undefined;
  #lookedMs = Number.NEGATIVE_INFINITY;
  #sightings: readonly Sighting[] = [];

  /** Looks are `lookEveryMs` apart. */
  constructor(lookEveryMs: number) {
    this.#longestBreakMs = 2 * lookEveryMs + 10_000;
  }

  /** A look at all streams, over `connection`, at `nowMs` of the monotonic clock. */
  look(seen: readonly SeenGateway[], connection: object, nowMs: number): void {
    if (connection !== this.#connection || nowMs - this.#lookedMs > this.#longestBreakMs)
      this.lose();
    this.#connection = connection;
    this.#lookedMs = nowMs;
    const names = new Set(seen.map(({ gateway }) => gateway.stream));
    for (const stream of this.#streams.keys()) if (!names.has(stream)) this.#streams.delete(stream);
    this.#sightings = seen.flatMap((one) => {
      const { gateway, lastSeq, lastStoredMs } = one;
      const before = this.#streams.get(gateway.stream);
      const sinceMs = before?.lastSeq === lastSeq ? before.sinceMs : nowMs;
      this.#streams.set(gateway.stream, { lastSeq, sinceMs });
      return lastStoredMs === undefined ? [] : [{ ...one, lastStoredMs, quietMs: nowMs - sinceMs }];
    });
    for (const stream of this.#gone.keys()) if (names.has(stream)) this.#gone.delete(stream);
  }

  /** Nothing could be seen: what was seen before says nothing about now. */
  lose(): void {
    this.#streams.clear();
    this.#gone.clear();
    this.#sightings = [];
    this.#connection = undefined;
  }

  /** What the last look showed. */
  get all(): readonly Sighting[] {
    return this.#sightings;
  }

  /** For how long it was seen that there is no such stream; 0 while there is, or nobody looks. */
  goneMs(stream: string): number {
    if (this.#connection === undefined || this.#streams.has(stream)) return 0;
    const sinceMs = this.#gone.get(stream) ?? this.#lookedMs;
    this.#gone.set(stream, sinceMs);
    return this.#lookedMs - sinceMs;
  }
}
