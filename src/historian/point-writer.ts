/**
 * Gathers points of many readers and stores them in turn. While one batch is on its way the next one
 * fills; who has more than that to say waits, so memory is bounded however long a database is away.
 */
import { type Clock, sleep } from "../core/clock.ts";
import { PointBatch } from "./point-batch.ts";

export interface PointWriterOptions {
  readonly points: number;
  readonly bytes: number;
  /** How long a point waits for others. */
  readonly ageMs: number;
  /** Resolves once every line is done with; false when it was given up at the signal. */
  store(lines: readonly string[], signal: AbortSignal): Promise<boolean>;
}

export class PointWriter {
  readonly #options: PointWriterOptions;
  readonly #clock: Clock;
  #filling = new PointBatch();
  /** Called when a batch begins to fill, when it is full, and when it was taken. */
  readonly #onChange = new Set<() => void>();

  constructor(options: PointWriterOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
  }

  /** Points that wait for others. */
  get waiting(): number {
    return this.#filling.lines.length;
  }

  /**
   * Resolves when the lines were taken. `whenStored` is called once they are stored, or with later
   * ones of the same stream the later one's.
   */
  async add(
    stream: string,
    lines: readonly string[],
    whenStored: () => void,
    signal: AbortSignal,
  ): Promise<void> {
    while (this.#isFull && !signal.aborted) await this.#changed(signal);
    if (signal.aborted) return;
    const wasEmpty = this.#filling.isEmpty;
    this.#filling.add(stream, lines, whenStored);
    if (wasEmpty || this.#isFull) this.#tell();
  }

  /** Stores what comes until the signal; rejects as `store` does. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (this.#filling.isEmpty) await this.#changed(signal);
      else await this.#untilDue(signal);
      const batch = this.#filling;
      if (signal.aborted || batch.isEmpty) continue;
      this.#filling = new PointBatch();
      this.#tell();
      if (!(await this.#store(batch.lines, signal))) return;
      batch.stored();
    }
  }

  get #isFull(): boolean {
    const { bytes, points } = this.#options;
    return this.#filling.lines.length >= points || this.#filling.characters >= bytes;
  }

  /** One event may have more points than one write shall. */
  async #store(lines: readonly string[], signal: AbortSignal): Promise<boolean> {
    const { bytes, points, store } = this.#options;
    let from = 0;
    let characters = 0;
    for (let at = 0; at < lines.length; at += 1) {
      characters += (lines[at]?.length ?? 0) + 1;
      const isLast = at + 1 === lines.length;
      if (!isLast && at + 1 - from < points && characters < bytes) continue;
      const part = isLast && from === 0 ? lines : lines.slice(from, at + 1);
      if (!(await store(part, signal))) return false;
      from = at + 1;
      characters = 0;
    }
    return true;
  }

  async #untilDue(signal: AbortSignal): Promise<void> {
    if (this.#isFull) return;
    const stop = new AbortController();
    const ended = AbortSignal.any([signal, stop.signal]);
    await Promise.race([sleep(this.#clock, this.#options.ageMs, ended), this.#changed(ended)]);
    stop.abort();
  }

  #tell(): void {
    for (const finish of [...this.#onChange]) finish();
  }

  /** Resolves at the next change, or at the signal. */
  #changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        this.#onChange.delete(finish);
        signal.removeEventListener("abort", finish);
        resolve();
      };
      if (signal.aborted) return resolve();
      this.#onChange.add(finish);
      signal.addEventListener("abort", finish, { once: true });
    });
  }
}
