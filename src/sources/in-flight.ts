/**
 * What was given to the sink and is not yet on disk, and who is held back for it: the same for every
 * way in.
 *
 * Invariants
 * - A message counts from the sink until its record is on disk, also when its sender is long gone.
 * - A held lane goes on after the turn in which messages were acknowledged, never inside it: the
 *   sink is not entered again from its own call.
 */
import type { Durability } from "../core/log-writer.ts";

/** One client of many may use this part of the whole. */
const clientShare = 1 / 8;
/** Held lanes go on once no more than this part of a bound is used. */
const resumeShare = 1 / 2;

/** A lane, as far as it counts here. */
export interface CountedLane {
  /** What it has under way. */
  readonly bytes: number;
  /** Lets go of what is on disk; true when nothing is left. */
  release(): boolean;
  /** Makes its sender's bytes flow again. */
  resume(): void;
}

/** The bound over all lanes of a source. */
export class InFlight {
  readonly #log: Durability;
  readonly #maxBytes: number;
  readonly #share: number;
  readonly #unsubscribe: () => void;
  /** Lanes with something under way. */
  readonly #busy = new Set<CountedLane>();
  readonly #held = new Set<CountedLane>();
  #bytes = 0;
  #resuming = false;
  #releasing = false;

  /** `share`: of the whole, what one lane may use. */
  constructor(maxBytes: number, log: Durability, share = clientShare) {
    this.#maxBytes = maxBytes;
    this.#share = share;
    this.#log = log;
    this.#unsubscribe = log.onDurable(() => this.#release());
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** What may wait. */
  get maxBytes(): number {
    return this.#maxBytes;
  }

  /** What one lane may have waiting. */
  get maxLaneBytes(): number {
    return this.#maxBytes * clientShare;
  }

  /** How many senders are held back. */
  get held(): number {
    return this.#held.size;
  }

  /** How far the log is on disk. */
  get durableSeq(): Durability["durableSeq"] {
    return this.#log.durableSeq;
  }

  /** Acknowledges nothing any more. */
  close(): void {
    this.#unsubscribe();
  }

  /** True while the lane may bring more; otherwise it is held, and resumed later. */
  mayRead(lane: CountedLane): boolean {
    if (this.#fits(lane, 1)) return true;
    this.#held.add(lane);
    return false;
  }

  /** The lane has something under way, after it had nothing. */
  begin(lane: CountedLane): void {
    this.#busy.add(lane);
  }

  /** The lane has so many bytes more. */
  grow(lane: CountedLane, bytes: number): void {
    this.#bytes += bytes;
    this.mayRead(lane);
  }

  /** Some lane has so many bytes less. */
  shrink(bytes: number): void {
    this.#bytes -= bytes;
    if (this.#held.size === 0 || this.#resuming) return;
    this.#resuming = true;
    queueMicrotask(() => this.#resume());
  }

  /** Something under way is on disk already: no commit will tell. */
  releaseSoon(): void {
    if (this.#releasing) return;
    this.#releasing = true;
    queueMicrotask(() => {
      this.#releasing = false;
      this.#release();
    });
  }

  /** The lane's sender is gone; nothing is to be resumed. */
  forget(lane: CountedLane): void {
    this.#held.delete(lane);
  }

  #release(): void {
    for (const lane of this.#busy) if (lane.release()) this.#busy.delete(lane);
  }

  #resume(): void {
    this.#resuming = false;
    for (const lane of [...this.#held]) {
      if (!this.#fits(lane, resumeShare)) continue;
      this.#held.delete(lane);
      lane.resume();
    }
  }

  #fits(lane: CountedLane, share: number): boolean {
    return (
      lane.bytes < this.#maxBytes * this.#share * share && this.#bytes < this.#maxBytes * share
    );
  }
}
