/**
 * Who guesses is made to wait: ten tries that were wrong, for one name or from one address, and
 * nothing more is checked for a while. A try counts when it begins, so that many at once are many.
 *
 * Somebody else can use up the tries of a name, but not for the addresses from which it was right
 * before. Nobody who is signed in is signed out by it, and tries during the wait do not lengthen it.
 */
import { BoundedMap } from "../../core/bounded-map.ts";
import type { Clock } from "../../core/clock.ts";

const mostTries = 10;
const lockMs = 15 * 60_000;
const mostKeys = 10_000;

interface Tries {
  count: number;
  /** Of the last, on the monotonic clock. */
  atMs: number;
}

/** Who tries, and from where. */
export interface Attempt {
  readonly name: string;
  readonly address: string;
}

export class LockOut {
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #tries = new BoundedMap<string, Tries>(mostKeys);
  /** Where a name was right before. */
  readonly #known = new BoundedMap<string, true>(mostKeys);

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  /** Counts a try; gives how long it has to wait, where it is not to be checked. */
  begin(attempt: Attempt): number {
    const keys = this.#keysOf(attempt);
    const waitMs = Math.max(...keys.map((key) => this.#waitOf(key)));
    if (waitMs > 0) return waitMs;
    const nowMs = this.#clock.monotonicMs();
    for (const key of keys) {
      const before = this.#tries.get(key);
      const count = before && nowMs - before.atMs < lockMs ? before.count : 0;
      this.#tries.set(key, { count: count + 1, atMs: nowMs });
    }
    return 0;
  }

  /** It was not checked after all, so it was no guess. */
  takeBack(attempt: Attempt): void {
    for (const key of this.#keysOf(attempt)) {
      const tries = this.#tries.get(key);
      if (tries && tries.count > 0) tries.count -= 1;
    }
  }

  /** It was right. */
  succeed(attempt: Attempt): void {
    for (const key of this.#keysOf(attempt)) this.#tries.delete(key);
    this.#known.set(placeOf(attempt), true);
  }

  #keysOf(attempt: Attempt): readonly string[] {
    const place = placeOf(attempt);
    const name = this.#known.get(place) ? place : `name ${attempt.name}`;
    return [name, `address ${attempt.address}`];
  }

  #waitOf(key: string): number {
    const tries = this.#tries.get(key);
    if (tries === undefined || tries.count < mostTries) return 0;
    return Math.max(0, tries.atMs + lockMs - this.#clock.monotonicMs());
  }
}

function placeOf({ address, name }: Attempt): string {
  return `place ${name}\n${address}`;
}
