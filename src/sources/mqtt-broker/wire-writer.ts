/**
 * Writes to the socket of a subscriber: what is written in one turn goes to the system at once, what
 * the socket has not taken yet is counted, and a socket that takes nothing is noticed.
 */
import type { Clock, Timer } from "../../core/clock.ts";
import type { OutboxBudget } from "./outbox-budget.ts";

/** A subscriber that takes nothing for so long does not keep up. */
export const stallMs = 10_000;

/** The socket of a subscriber, as far as it is written to. */
export interface Wire {
  /** False once it is closed, or about to be. */
  readonly writable: boolean;
  readonly writableNeedDrain: boolean;
  readonly writableLength: number;
  readonly bytesWritten: number;
  write(bytes: Uint8Array): boolean;
  cork(): void;
  uncork(): void;
  on(event: "drain", listener: () => void): unknown;
  off(event: "drain", listener: () => void): unknown;
}

export interface WireWriterOptions {
  readonly budget: OutboxBudget;
  readonly clock: Clock;
  /** The socket takes more again. */
  drained(): void;
  /** The socket takes nothing. */
  stalls(): void;
}

export class WireWriter {
  readonly #wire: Wire;
  readonly #options: WireWriterOptions;
  #unsentBytes = 0;
  #corked = false;
  #closed = false;
  #stall: Timer | undefined;

  constructor(wire: Wire, options: WireWriterOptions) {
    this.#wire = wire;
    this.#options = options;
    wire.on("drain", this.#drained);
  }

  /** What the socket has not taken yet. */
  get unsentBytes(): number {
    return this.#unsentBytes;
  }

  /** True while more should wait for `drained`. */
  get full(): boolean {
    return this.#wire.writableNeedDrain;
  }

  write(bytes: Buffer): void {
    if (!this.#wire.writable) return;
    if (!this.#corked) {
      this.#corked = true;
      this.#wire.cork();
      queueMicrotask(this.#flush);
    }
    this.#wire.write(bytes);
    this.#count(this.#wire.writableLength);
  }

  /** Nothing is counted or noticed any more; what was written goes out. */
  close(): void {
    this.#closed = true;
    this.#wire.off("drain", this.#drained);
    this.#stall?.cancel();
    this.#count(0);
  }

  readonly #flush = (): void => {
    this.#corked = false;
    this.#wire.uncork();
    if (this.#closed) return;
    this.#count(this.#wire.writableLength);
    if (this.#unsentBytes > 0) this.#watch();
  };

  readonly #drained = (): void => {
    this.#count(this.#wire.writableLength);
    this.#options.drained();
  };

  #watch(): void {
    if (this.#stall !== undefined) return;
    const wire = this.#wire;
    const takenBefore = wire.bytesWritten - wire.writableLength;
    this.#stall = this.#options.clock.setTimer(stallMs, () => {
      this.#stall = undefined;
      if (wire.writableLength === 0) return;
      if (wire.bytesWritten - wire.writableLength > takenBefore) this.#watch();
      else this.#options.stalls();
    });
  }

  #count(unsentBytes: number): void {
    this.#options.budget.add(unsentBytes - this.#unsentBytes, true);
    this.#unsentBytes = unsentBytes;
  }
}
