/**
 * The transitions of the last minutes, held back as a gateway holds back its records: a backbone
 * that confirmed them may still lose them, and then they are appended again.
 *
 * How long is by the monotonic clock of who holds them, anew for each: wall clocks are set, and those of
 * two processors differ.
 */
import type { StoredTransition } from "../stream/alert-log.ts";

/** Several times what a nats-server leaves in memory before it syncs. */
const holdBackMs = 10 * 60_000;
const maxTransitions = 2_000;

interface Held {
  readonly stored: StoredTransition;
  readonly sinceMs: number;
}

export class RecentTransitions {
  /** By transition id, in the order of the appends. */
  readonly #held = new Map<string, Held>();

  /** `nowMs` is of the monotonic clock, here and below. */
  constructor(stored: readonly StoredTransition[], nowMs: number) {
    for (const each of stored) this.add(each, nowMs);
  }

  /** Notes where a transition is stored; a transition noted before keeps its turn. */
  add(stored: StoredTransition, nowMs: number): void {
    const { id } = stored.transition;
    const sinceMs = this.#held.get(id)?.sinceMs ?? nowMs;
    this.#held.set(id, { stored, sinceMs });
    for (const oldest of this.#held.keys()) {
      if (this.#held.size <= maxTransitions) break;
      this.#held.delete(oldest);
    }
  }

  /** Those not yet past the hold-back, in the order of their appends. */
  list(nowMs: number): readonly StoredTransition[] {
    for (const [id, { sinceMs }] of this.#held)
      if (sinceMs < nowMs - holdBackMs) this.#held.delete(id);
    return Array.from(this.#held.values(), ({ stored }) => stored);
  }

  /** The one furthest behind in the stream. */
  last(): StoredTransition | undefined {
    let last: StoredTransition | undefined;
    for (const { stored } of this.#held.values())
      if (!last || stored.streamSeq > last.streamSeq) last = stored;
    return last;
  }
}
