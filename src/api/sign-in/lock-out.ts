/**
 * Who guesses is made to wait: ten tries that were wrong, for one name or from one address, and
 * nothing more is checked for a while. What strangers send cannot fill its memory, nor lock out
 * somebody who is signed in.
 */
import { BoundedMap } from "../../core/bounded-map.ts";
import type { Clock } from "../../core/clock.ts";

const mostTries = 10;
const lockMs = 15 * 60_000;
/** Tries that are older count no more. */
const windowMs = 15 * 60_000;
const mostKeys = 10_000;

interface Tries {
  readonly count: number;
  /** Of the last, on the monotonic clock. */
  readonly atMs: number;
}

export class LockOut {
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #tries = new BoundedMap<string, Tries>(mostKeys);

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  /** How long none of the keys may try again; 0 where they may now. */
  waitMs(keys: readonly string[]): number {
    return Math.max(0, ...keys.map((key) => this.#waitOf(key)));
  }

  /** A try was wrong. */
  fail(keys: readonly string[]): void {
    const nowMs = this.#clock.monotonicMs();
    for (const key of keys) {
      const before = this.#tries.get(key);
      const isRecent = before !== undefined && nowMs - before.atMs < windowMs;
      this.#tries.set(key, { count: isRecent ? before.count + 1 : 1, atMs: nowMs });
    }
  }

  /** A try was right. */
  succeed(keys: readonly string[]): void {
    for (const key of keys) this.#tries.delete(key);
  }

  #waitOf(key: string): number {
    const tries = this.#tries.get(key);
    if (tries === undefined || tries.count < mostTries) return 0;
    return tries.atMs + lockMs - this.#clock.monotonicMs();
  }
}
