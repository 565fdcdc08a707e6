/**
 * Episodes that are over because a person says so. The rules go on behind each as they do behind an
 * end that is stored: what they judge is unknown until its next sample, and where it still is so,
 * another episode begins.
 *
 * What was asked for is read anew by each process, from the beginning, and nothing has to be
 * remembered: an episode that ended never opens again, and where rules read again what led to it, the
 * stored end is what they go on behind.
 */
import type { EpochMs } from "../core/clock.ts";
import { formatTime } from "../core/event-codec.ts";
import type { StoredAction } from "../stream/operator-log.ts";
import type { Engine, TransitionDraft } from "./engine.ts";
import type { HeadComparison } from "./head-comparison.ts";

/** Beyond it the oldest are given up: no more than so many alerts wait to be found again. */
const mostWaiting = 10_000;

const nothing: readonly TransitionDraft[] = [];

interface Asked {
  readonly episode: string;
  readonly storedMs: EpochMs;
}

export class Clearances {
  readonly #engine: Engine;
  readonly #comparison: HeadComparison;
  /** By instance. */
  readonly #waiting = new Map<string, Asked>();

  constructor(engine: Engine, comparison: HeadComparison) {
    this.#engine = engine;
    this.#comparison = comparison;
  }

  /** Notes what people did; true when something that is open is to be cleared. */
  note(stored: readonly StoredAction[]): boolean {
    for (const { action, storedMs } of stored) {
      const { episode, instance, verb } = action;
      if (verb !== "clear" || episode === undefined) continue;
      this.#waiting.delete(instance);
      this.#waiting.set(instance, { episode, storedMs });
    }
    for (const oldest of this.#waiting.keys()) {
      if (this.#waiting.size <= mostWaiting) break;
      this.#waiting.delete(oldest);
    }
    for (const { episode, instance } of this.#engine.open())
      if (this.#waiting.get(instance)?.episode === episode) return true;
    return false;
  }

  /**
   * Gives the ends of what was asked for and is open; the rules are behind them already. What the rules
   * are still to find, since they read again, waits.
   */
  take(): readonly TransitionDraft[] {
    const due = new Map<string, Asked>();
    for (const [instance, asked] of this.#waiting)
      if (!this.#comparison.isAhead(instance)) due.set(instance, asked);
    if (due.size === 0) return nothing;
    const ends: TransitionDraft[] = [];
    for (const last of this.#engine.open()) {
      const asked = due.get(last.instance);
      if (asked?.episode === last.episode) ends.push(clearedEnd(last, asked.storedMs));
    }
    for (const instance of due.keys()) this.#waiting.delete(instance);
    for (const end of ends) this.#engine.goOnBehind(end);
    return ends;
  }
}

/** It ended when the server stored that it is over: the same for whoever makes it. */
function clearedEnd({ quiet: _, ...last }: TransitionDraft, storedMs: EpochMs): TransitionDraft {
  const endedAt = formatTime(Math.max(storedMs, Date.parse(last.at)));
  const n = last.n + 1;
  return {
    ...last,
    id: `${last.episode}.${n}`,
    n,
    state: "ended",
    reason: "cleared",
    ended_at: endedAt,
    at: endedAt,
  };
}
