/**
 * The transitions of the last minutes, held back as a gateway holds back its records: a backbone
 * that confirmed them may still lose them, and then they are appended again.
 */
import type { EpochMs } from "../core/clock.ts";
import type { StoredTransition } from "../stream/alert-log.ts";

/** Several times what a nats-server leaves in memory before it syncs. */
const holdBackMs = 10 * 60_000;
const maxTransitions = 2_000;

export class RecentTransitions {
  /** By transition id, in the order of the appends. */
  readonly #stored: Map<string, StoredTransition>;

  constructor(stored: readonly StoredTransition[]) {
    this.#stored = new Map(stored.map((entry) => [entry.transition.id, entry]));
  }

  /** Notes where a transition is stored; a transition noted before keeps its turn. */
  add(entry: StoredTransition): void {
    this.#stored.set(entry.transition.id, entry);
    for (const oldest of this.#stored.keys()) {
      if (this.#stored.size <= maxTransitions) break;
      this.#stored.delete(oldest);
    }
  }

  /** Those not yet past the hold-back, in the order of their appends. */
  list(nowMs: EpochMs): readonly StoredTransition[] {
    for (const [id, { transition }] of this.#stored)
      if (Date.parse(transition.observed_at) < nowMs - holdBackMs) this.#stored.delete(id);
    return [...this.#stored.values()];
  }

  /** The one furthest behind in the stream. */
  last(): StoredTransition | undefined {
    let last: StoredTransition | undefined;
    for (const entry of this.#stored.values())
      if (!last || entry.streamSeq > last.streamSeq) last = entry;
    return last;
  }
}
