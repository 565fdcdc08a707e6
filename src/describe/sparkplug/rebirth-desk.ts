import { BoundedMap } from "../../core/bounded-map.ts";
import type { Clock } from "../../core/clock.ts";
import { mostNodes } from "./bounds.ts";
import type { EdgeNode } from "./edge-node.ts";

interface Asked {
  readonly atMs: number;
  /** So long nobody asks again. */
  readonly waitMs: number;
}

const firstWaitMs = 5_000;
const longestWaitMs = 15 * 60_000;

/**
 * How often a node is asked to be born again. One that does not do it, or that does and is not understood
 * for all that, is asked less and less often: a birth may be a megabyte.
 */
export class RebirthDesk {
  readonly #clock: Clock;
  readonly #asked = new BoundedMap<string, Asked>(mostNodes);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** True where it may be asked now, and then is taken for asked. */
  mayAsk({ key }: EdgeNode): boolean {
    const atMs = this.#clock.monotonicMs();
    const before = this.#asked.get(key);
    if (before !== undefined && atMs - before.atMs < before.waitMs) return false;
    const isSoon = before !== undefined && atMs - before.atMs < 4 * before.waitMs;
    const waitMs = isSoon ? Math.min(2 * before.waitMs, longestWaitMs) : firstWaitMs;
    this.#asked.set(key, { atMs, waitMs });
    return true;
  }
}
