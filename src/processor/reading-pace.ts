/**
 * Keeps the gateways of a site about in step while much of them is read again: what one has said waits
 * in the rules until the others have come as far, and that has an end.
 */
import { type Clock, sleep } from "../core/clock.ts";
import { gatewayOfStream } from "../core/subject.ts";
import type { GatewayPosition } from "../stream/gateway-reader.ts";
import type { Engine } from "./engine.ts";
import type { GatewaySightings } from "./gateway-sightings.ts";
import { isReadToItsEnd } from "./judge-sightings.ts";

/** Where nobody comes any further for so long, nobody waits for them. */
const stillMs = 30_000;

export class ReadingPace {
  readonly #engine: Pick<Engine, "isAhead">;
  readonly #clock: Clock;
  /** Streams that are read. */
  readonly #streams = new Set<string>();
  /** Those of which everything was read when it was looked at. */
  #done: ReadonlySet<string> = new Set();
  readonly #waiting = new Set<string>();
  #moved = new AbortController();
  /** Nobody came any further for long: until somebody does, nobody waits. */
  #isStill = false;

  constructor(engine: Pick<Engine, "isAhead">, clock: Clock) {
    this.#engine = engine;
    this.#clock = clock;
  }

  /** Somebody begins to read a stream. */
  enter(stream: string): void {
    this.#streams.add(stream);
  }

  /** Nobody reads it any more. */
  leave(stream: string): void {
    this.#streams.delete(stream);
    this.#wake();
  }

  /** Resolves when it is the turn of a stream: at once where it is not far ahead of others. */
  async wait(stream: string, signal: AbortSignal): Promise<void> {
    const gateway = gatewayOfStream(stream);
    if (gateway === undefined) return;
    this.#waiting.add(stream);
    while (!signal.aborted && this.#engine.isAhead(gateway) && this.#isAnyOnItsWay()) {
      const moved = this.#moved.signal;
      await sleep(this.#clock, stillMs, AbortSignal.any([signal, moved]));
      this.#isStill ||= !moved.aborted;
    }
    this.#waiting.delete(stream);
  }

  /** Something of a stream was read. */
  move(stream: string): void {
    const gateway = gatewayOfStream(stream);
    if (gateway !== undefined && !this.#engine.isAhead(gateway)) this.#isStill = false;
    this.#wake();
  }

  /** What the last look at all streams showed. */
  look(sightings: GatewaySightings, positions: ReadonlyMap<string, GatewayPosition>): void {
    const done = sightings.all.filter((sighting) => isReadToItsEnd(sighting, positions));
    this.#done = new Set(done.map(({ gateway }) => gateway.stream));
    this.#wake();
  }

  #wake(): void {
    if (this.#waiting.size === 0) return;
    this.#moved.abort();
    this.#moved = new AbortController();
  }

  #isAnyOnItsWay(): boolean {
    if (this.#isStill) return false;
    for (const stream of this.#streams)
      if (!this.#done.has(stream) && !this.#waiting.has(stream)) return true;
    return false;
  }
}
