import type { GatewayPosition, ReadBatch } from "../stream/gateway-reader.ts";
import type { SteadyReader } from "../stream/steady-reader.ts";
import type { GatewaySightings } from "./gateway-sightings.ts";
import type { ReadingPace } from "./reading-pace.ts";

/** Who reads the streams of a partition: one for each. */
export interface PartitionReading {
  /** Opens a reader that goes on where this stay stands. */
  readonly open: (stream: string, signal: AbortSignal) => SteadyReader<ReadBatch>;
  /** Takes a batch; the next of this stream is read when it is done. */
  readonly take: (stream: string, batch: ReadBatch) => Promise<void>;
}

export class PartitionReaders {
  readonly #pace: ReadingPace;
  readonly #reading: PartitionReading;
  /** Those that have not ended yet, by stream, each with what stops it. */
  readonly #readers = new Map<string, AbortController>();
  readonly #stopping = new AbortController();

  constructor(pace: ReadingPace, reading: PartitionReading) {
    this.#pace = pace;
    this.#reading = reading;
  }

  /** Aborted when nothing more may be read. */
  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  has(stream: string): boolean {
    return this.#readers.has(stream);
  }

  /** Reads exactly these from now on. One that is still ending is not replaced before it has. */
  follow(streams: ReadonlySet<string>): void {
    for (const [stream, stop] of this.#readers) if (!streams.has(stream)) stop.abort();
    if (this.signal.aborted) return;
    for (const stream of streams) if (!this.#readers.has(stream)) void this.#read(stream);
  }

  /** What was seen of the streams, of which so much was read. */
  look(sightings: GatewaySightings, positions: ReadonlyMap<string, GatewayPosition>): void {
    this.#pace.look(sightings, positions);
  }

  stop(): void {
    this.#stopping.abort();
    for (const stop of this.#readers.values()) stop.abort();
  }

  async #read(stream: string): Promise<void> {
    const stop = new AbortController();
    this.#readers.set(stream, stop);
    this.#pace.enter(stream);
    const reader = this.#reading.open(stream, stop.signal);
    for (let batch = await reader.next(); batch; batch = await reader.next())
      await this.#takeInPace(stream, batch, stop.signal);
    this.#readers.delete(stream);
    this.#pace.leave(stream);
  }

  async #takeInPace(stream: string, batch: ReadBatch, signal: AbortSignal): Promise<void> {
    await this.#pace.wait(stream, signal);
    await this.#reading.take(stream, batch);
    this.#pace.move(stream);
  }
}
