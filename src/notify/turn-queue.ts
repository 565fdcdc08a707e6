/**
 * What may go, in the order in which it does: by severity; among equals what was not tried before,
 * then what came first. What failed sleeps and takes no place.
 */
import type { Clock } from "../core/clock.ts";
import { rankCount, type SeverityRank } from "../core/severity-rank.ts";
import type { Turn } from "./turn.ts";

export class TurnQueue {
  readonly #clock: Clock;
  readonly #onReady: () => void;
  /** By rank, those that may go: not tried before, and tried before. */
  readonly #fresh = byRank();
  readonly #again = byRank();
  readonly #asleep = new Set<Turn>();
  #stopped = false;

  /** `onReady` is called when one that slept may go. */
  constructor(clock: Clock, onReady: () => void) {
    this.#clock = clock;
    this.#onReady = onReady;
  }

  add(turn: Turn): void {
    turn.state = "ready";
    this.#setOf(turn).add(turn);
  }

  /** The one to go next, of those tried before only where `again` allows it; it is under way then. */
  take(again: boolean, preferFresh: boolean): Turn | undefined {
    for (let rank = 0; rank < rankCount; rank += 1) {
      const next = firstOf(this.#fresh[rank]) ?? (again ? firstOf(this.#again[rank]) : undefined);
      if (!next || (preferFresh && next.attempts > 0 && this.#hasFresh())) continue;
      this.remove(next);
      next.state = "under way";
      return next;
    }
    return undefined;
  }

  sleep(turn: Turn, ms: number): void {
    turn.state = "asleep";
    if (this.#stopped) return;
    this.#asleep.add(turn);
    turn.timer = this.#clock.setTimer(ms, () => {
      this.#wake(turn);
      this.#onReady();
    });
  }

  /** Everything that sleeps may go. */
  wakeAll(): void {
    for (const turn of this.#asleep) {
      turn.timer?.cancel();
      this.#wake(turn);
    }
  }

  /** It does not go any more. */
  remove(turn: Turn): void {
    turn.timer?.cancel();
    this.#asleep.delete(turn);
    this.#setOf(turn).delete(turn);
  }

  /** Moves it among those of a severity. */
  raise(turn: Turn, rank: SeverityRank): void {
    const ready = turn.state === "ready" && this.#setOf(turn).delete(turn);
    turn.rank = rank;
    if (ready) this.#setOf(turn).add(turn);
  }

  /** Nobody wakes any more. */
  stop(): void {
    this.#stopped = true;
    for (const { timer } of this.#asleep) timer?.cancel();
  }

  #wake(turn: Turn): void {
    this.#asleep.delete(turn);
    this.add(turn);
  }

  #setOf({ attempts, rank }: Turn): Set<Turn> {
    const queue = (attempts > 0 ? this.#again : this.#fresh)[rank];
    if (!queue) throw new RangeError(`no severity has rank ${rank}`);
    return queue;
  }

  #hasFresh(): boolean {
    return this.#fresh.some((queue) => queue.size > 0);
  }
}

function byRank(): readonly Set<Turn>[] {
  return Array.from({ length: rankCount }, () => new Set<Turn>());
}

function firstOf(queue: Set<Turn> | undefined): Turn | undefined {
  const first = queue?.values().next();
  return first?.done === false ? first.value : undefined;
}
